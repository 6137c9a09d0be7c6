import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ('portal', '0005_one_time_cards'),
    ]

    operations = [
        migrations.AddField(
            model_name='message',
            name='about',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='messages_about', to=settings.AUTH_USER_MODEL),
        ),
    ]
