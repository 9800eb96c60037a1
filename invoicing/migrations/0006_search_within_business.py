"""Search a business's own rows, on PostgreSQL: a text that stands in many businesses is read in one of them alone."""

from django.db import migrations

NAME = "invoicing_invoice_search"
BEFORE = f"CREATE INDEX {NAME} ON invoicing_invoice USING gin (search_text gin_trgm_ops)"
AFTER = f"CREATE INDEX {NAME} ON invoicing_invoice USING gin (business_id, search_text gin_trgm_ops)"


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
    dependencies = [("invoicing", "0005_statistics_indexes")]
    operations = [migrations.RunPython(forwards, backwards)]
