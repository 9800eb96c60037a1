"""A word of its own for what was booked as rounding, and which credit note was written with a refund."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models


def name_rounding(apps: Any, schema_editor: Any) -> None:
    """Name what was booked beside a gateway's payment because the gateway could not ask for it."""
    rows = apps.get_model("invoicing", "Payment").objects.using(schema_editor.connection.alias)
    rows.filter(method="other", external_id__endswith=":rounding").update(method="rounding")


def name_other(apps: Any, schema_editor: Any) -> None:
    """Take the name back."""
    rows = apps.get_model("invoicing", "Payment").objects.using(schema_editor.connection.alias)
    rows.filter(method="rounding").update(method="other")


class Migration(migrations.Migration):
    dependencies = [
        ("invoicing", "0009_sums_carried_forward"),
    ]

    operations = [
        migrations.AddField(
            model_name="refund",
            name="credit_note",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="invoicing.invoice",
                verbose_name="credit note",
            ),
        ),
        migrations.AlterField(
            model_name="payment",
            name="method",
            field=models.CharField(
                choices=[
                    ("bank_transfer", "Bank transfer"),
                    ("cash", "Cash"),
                    ("card", "Card"),
                    ("cheque", "Cheque"),
                    ("stripe", "Stripe"),
                    ("other", "Other"),
                    ("rounding", "Rounding"),
                ],
                max_length=20,
                verbose_name="method",
            ),
        ),
        migrations.RunPython(name_rounding, name_other),
    ]
