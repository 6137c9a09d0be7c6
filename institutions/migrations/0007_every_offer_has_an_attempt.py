from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("institutions", "0006_attempts_of_old_requests")]

    operations = [
        migrations.AlterField(
            model_name="offer",
            name="attempt",
            field=models.ForeignKey(
                on_delete=models.deletion.CASCADE, related_name="offers", to="institutions.attempt"
            ),
        ),
        migrations.AlterField(
            model_name="assignment",
            name="attempt",
            field=models.OneToOneField(
                on_delete=models.deletion.CASCADE, related_name="assignment", to="institutions.attempt"
            ),
        ),
        migrations.AddConstraint(
            model_name="assistancerequest",
            constraint=models.CheckConstraint(
                condition=Q(state="draft") | Q(submitted_at__isnull=False), name="request_sent_has_time"
            ),
        ),
        migrations.RemoveField(model_name="assistancerequest", name="offered_until"),
    ]
