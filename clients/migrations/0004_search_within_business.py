"""Search a business's own rows, on PostgreSQL: a text that stands in many businesses is read in one of them alone."""

from django.db import migrations

NAME = "clients_client_search"
BEFORE = f"CREATE INDEX {NAME} ON clients_client USING gin (search_text gin_trgm_ops)"
AFTER = f"CREATE INDEX {NAME} ON clients_client USING gin (business_id, search_text gin_trgm_ops)"


def replace(schema_editor, definition):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("CREATE EXTENSION IF NOT EXISTS btree_gin")
        schema_editor.execute(f"DROP INDEX IF EXISTS {NAME}")
        schema_editor.execute(definition)


def forwards(apps, schema_editor):
    replace(schema_editor, AFTER)


def backwards(apps, schema_editor):
    replace(schema_editor, BEFORE)


class Migration(migrations.Migration):
    dependencies = [("clients", "0003_sort_and_filter_indexes")]
    operations = [migrations.RunPython(forwards, backwards)]
