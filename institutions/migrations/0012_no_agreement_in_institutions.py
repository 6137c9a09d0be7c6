from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("institutions", "0011_agreements_of_institutions")]

    operations = [
        migrations.RemoveField(model_name="institution", name="agreement_signed_on"),
        migrations.RemoveField(model_name="institution", name="agreement_valid_until"),
    ]
