"""The four plans; staff may change them."""

from django.db import migrations

PLANS = [
    ("free", "Free", 10, 5),
    ("basic", "Basic", 100, 50),
    ("pro", "Pro", 500, 200),
    ("enterprise", "Enterprise", None, None),
]


def add_plans(apps, schema_editor):
    plan = apps.get_model("accounts", "Plan")
    for code, name, invoices, emails in PLANS:
        plan.objects.create(code=code, name=name, invoices_per_month=invoices, emails_per_day=emails)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunPython(add_plans, migrations.RunPython.noop)]
