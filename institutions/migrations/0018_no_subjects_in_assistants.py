from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("institutions", "0017_subjects_become_trainings")]

    operations = [migrations.RemoveField(model_name="assistant", name="subjects")]
