import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ('institutions', '0008_on_the_day'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('projects', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Block',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(choices=[('asked', 'the institution asked for it'), ('complaint', 'after a complaint'), ('conflict', 'a conflict of interests'), ('safety', 'safety'), ('other', 'another reason')], max_length=10, verbose_name='reason')),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('lifted_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'block',
                'verbose_name_plural': 'blocks',
                'ordering': ['-made_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='ClientSmile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('face', models.PositiveSmallIntegerField(choices=[(1, 'bad'), (2, 'so-so'), (3, 'good')])),
                ('on', models.DateField(default=django.utils.timezone.localdate)),
            ],
            options={
                'verbose_name': 'face pressed by a client',
                'verbose_name_plural': 'faces pressed by clients',
                'ordering': ['-on', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Complaint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('side', models.CharField(choices=[('official', 'the institution'), ('assistant', 'the assistant')], max_length=10)),
                ('category', models.CharField(choices=[('late', 'lateness or absence'), ('quality', 'quality of interpreting'), ('conduct', 'conduct'), ('confidentiality', 'confidentiality'), ('safety', 'safety'), ('hours', 'hours or settlement'), ('other', 'something else')], max_length=16, verbose_name='what is it about?')),
                ('text', models.TextField(max_length=1000, verbose_name='what happened?')),
                ('state', models.CharField(choices=[('received', 'received'), ('looking', 'being looked into'), ('upheld', 'justified'), ('not_upheld', 'not justified'), ('withdrawn', 'taken back')], default='received', max_length=12)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('answer', models.TextField(blank=True, max_length=1000, verbose_name='answer')),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('scrubbed_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'complaint',
                'verbose_name_plural': 'complaints',
                'ordering': ['-made_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='ComplaintStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('old_state', models.CharField(blank=True, choices=[('received', 'received'), ('looking', 'being looked into'), ('upheld', 'justified'), ('not_upheld', 'not justified'), ('withdrawn', 'taken back')], max_length=12)),
                ('new_state', models.CharField(choices=[('received', 'received'), ('looking', 'being looked into'), ('upheld', 'justified'), ('not_upheld', 'not justified'), ('withdrawn', 'taken back')], max_length=12)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'verbose_name': 'change of a complaint',
                'verbose_name_plural': 'changes of complaints',
                'ordering': ['at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Feedback',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('side', models.CharField(choices=[('official', 'the institution'), ('assistant', 'the assistant')], max_length=10)),
                ('was_on_time', models.BooleanField(blank=True, null=True, verbose_name='Was everybody there on time?')),
                ('understood', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='Did you understand one another?')),
                ('rating', models.PositiveSmallIntegerField(verbose_name='How was it, on the whole?')),
                ('would_again', models.BooleanField(blank=True, null=True, verbose_name='Would you work together again?')),
                ('comment', models.CharField(blank=True, max_length=300, verbose_name='What should we know?')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'verbose_name': 'feedback',
                'verbose_name_plural': 'feedback',
                'ordering': ['-at', '-id'],
            },
        ),
        migrations.AddField(
            model_name='block',
            name='assistant',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='blocks', to='institutions.assistant'),
        ),
        migrations.AddField(
            model_name='block',
            name='institution',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='blocks', to='institutions.institution'),
        ),
        migrations.AddField(
            model_name='block',
            name='lifted_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='block',
            name='made_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='clientsmile',
            name='assignment',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='smile', to='institutions.assignment'),
        ),
        migrations.AddField(
            model_name='complaint',
            name='assignment',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='complaints', to='institutions.assignment'),
        ),
        migrations.AddField(
            model_name='complaint',
            name='made_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='complaint',
            name='request',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='complaints', to='institutions.assistancerequest'),
        ),
        migrations.AddField(
            model_name='complaintstep',
            name='actor',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='complaintstep',
            name='complaint',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='institutions.complaint'),
        ),
        migrations.AddField(
            model_name='feedback',
            name='assignment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='feedback', to='institutions.assignment'),
        ),
        migrations.AddField(
            model_name='feedback',
            name='given_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='block',
            constraint=models.UniqueConstraint(condition=models.Q(('lifted_at__isnull', True)), fields=('institution', 'assistant'), name='block_once'),
        ),
        migrations.AddConstraint(
            model_name='clientsmile',
            constraint=models.CheckConstraint(condition=models.Q(('face__gte', 1), ('face__lte', 3)), name='smile_1_to_3'),
        ),
        migrations.AddConstraint(
            model_name='feedback',
            constraint=models.UniqueConstraint(fields=('assignment', 'side'), name='feedback_once_per_side'),
        ),
        migrations.AddConstraint(
            model_name='feedback',
            constraint=models.CheckConstraint(condition=models.Q(('rating__gte', 1), ('rating__lte', 5)), name='feedback_rating_1_to_5'),
        ),
        migrations.AddConstraint(
            model_name='feedback',
            constraint=models.CheckConstraint(condition=models.Q(('understood__isnull', True), models.Q(('understood__gte', 1), ('understood__lte', 5)), _connector='OR'), name='feedback_understood_1_to_5'),
        ),
    ]
