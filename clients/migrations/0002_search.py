"""Search by any part of the normalised text, on PostgreSQL by trigrams. SQLite scans the business's rows."""

from django.db import migrations

INDEX = "CREATE INDEX clients_client_search ON clients_client USING gin (search_text gin_trgm_ops)"


def add_index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        schema_editor.execute(INDEX)


def drop_index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX IF EXISTS clients_client_search")


class Migration(migrations.Migration):
    dependencies = [("clients", "0001_initial")]
    operations = [migrations.RunPython(add_index, drop_index)]
