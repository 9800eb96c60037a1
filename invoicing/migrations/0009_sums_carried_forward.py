import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_invitations"), ("invoicing", "0008_saved_views")]
    operations = [
        migrations.CreateModel(
            name="CarriedForward",
            fields=[
                (
                    "business",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="carried_forward",
                        serialize=False,
                        to="accounts.business",
                    ),
                ),
                ("until", models.DateTimeField()),
                ("timezone", models.CharField(max_length=63)),
                ("sums", models.JSONField(default=dict)),
            ],
            options={"verbose_name": "sums carried forward", "verbose_name_plural": "sums carried forward"},
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(
                condition=models.Q(("issued_at__isnull", False)),
                fields=["business", "issued_at"],
                name="invoice_by_issue",
            ),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(
                condition=models.Q(("cancelled_at__isnull", False)),
                fields=["business", "cancelled_at"],
                name="invoice_by_cancellation",
            ),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(fields=["business", "created_at"], name="payment_by_entry"),
        ),
    ]
