"""The language that a mail is written in, for its Content-Language."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_plans")]
    operations = [
        migrations.AddField(
            model_name="delivery",
            name="language",
            field=models.CharField(default="en", max_length=10, verbose_name="language"),
        ),
    ]
