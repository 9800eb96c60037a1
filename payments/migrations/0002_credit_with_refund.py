"""Which lines of the invoice are credited with a refund at the gateway."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="gatewayrefund",
            name="credit_items",
            field=models.JSONField(blank=True, null=True),
        ),
    ]
