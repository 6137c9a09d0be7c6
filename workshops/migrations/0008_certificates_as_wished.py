import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('workshops', '0007_word_of_the_trainer'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CertificateName',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('printed_name', models.CharField(max_length=150, verbose_name='name to print')),
                ('language', models.CharField(choices=[('pl', 'Polish'), ('en', 'English'), ('uk', 'Ukrainian'), ('be', 'Belarusian'), ('ru', 'Russian'), ('ar', 'Arabic')], default='pl', max_length=8, verbose_name='language beside Polish')),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'verbose_name': 'name on certificates',
                'verbose_name_plural': 'names on certificates',
            },
        ),
        migrations.AddField(
            model_name='certificate',
            name='facts',
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name='certificate',
            name='override_reason',
            field=models.CharField(blank=True, max_length=200, verbose_name='why below the attendance needed'),
        ),
        migrations.AddField(
            model_name='certificate',
            name='reissue_asked_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name='certificate',
            constraint=models.CheckConstraint(condition=models.Q(('test_result__isnull', True), ('test_result__lte', 100), _connector='OR'), name='certificate_result_is_percent'),
        ),
        migrations.AddConstraint(
            model_name='certificate',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'revoked'), _negated=True), ('revoked_at__isnull', False), _connector='OR'), name='certificate_revoked_has_time'),
        ),
        migrations.AddField(
            model_name='certificatename',
            name='user',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='certificate_name', to=settings.AUTH_USER_MODEL),
        ),
    ]
