"""The client's name in its normal form, so that a list can be narrowed by it alone."""

from django.db import migrations, models

from accounts.search import normalise


def fill(apps, schema_editor):
    Invoice = apps.get_model("invoicing", "Invoice")
    rows = Invoice.objects.only("client_name")
    for row in rows.iterator():
        Invoice.objects.filter(pk=row.pk).update(client_name_search=normalise(row.client_name))


class Migration(migrations.Migration):
    dependencies = [("invoicing", "0002_search")]
    operations = [
        migrations.AddField(
            model_name="invoice",
            name="client_name_search",
            field=models.TextField(default="", editable=False),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
