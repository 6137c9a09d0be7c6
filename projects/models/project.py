"""The grant: a project, its staff, its budget of hours."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.models import User
from portal.regions import VOIVODESHIPS


class ActivityType(models.Model):
    code = models.SlugField(max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=120)

    class Meta:
        verbose_name = _("type of activity")
        verbose_name_plural = _("types of activities")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.title


class TargetGroup(models.Model):
    code = models.SlugField(max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=120)

    class Meta:
        verbose_name = _("target group")
        verbose_name_plural = _("target groups")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.title


class ProjectQuerySet(models.QuerySet["Project"]):
    def published(self) -> "ProjectQuerySet":
        return self.filter(is_published=True)

    def coordinated_by(self, user) -> "ProjectQuerySet":
        """Projects whose workplace the user has: her own as coordinator, all for an administrator."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.is_superuser:
            return self
        return self.filter(
            pk__in=ProjectStaff.objects.serving(ProjectStaff.Role.COORDINATOR)
            .filter(user=user)
            .values("project")
        )


class Project(models.Model):
    class Status(models.TextChoices):
        PLANNED = "planned", _("planned")
        RUNNING = "running", _("in progress")
        FINISHED = "finished", _("finished")

    slug = models.SlugField(max_length=80, unique=True)
    number = models.CharField(_("project number"), max_length=60, blank=True)
    title = models.CharField(_("title"), max_length=200)
    area = models.CharField(_("programme area"), max_length=200, blank=True)
    programme = models.CharField(_("programme"), max_length=200, blank=True)
    organisation = models.CharField(_("organisation"), max_length=200)
    city = models.CharField(_("city (headquarters)"), max_length=80)
    voivodeship = models.CharField(_("voivodeship (headquarters)"), max_length=2, choices=VOIVODESHIPS)
    region_note = models.CharField(_("where the project works"), max_length=300, blank=True)
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.PLANNED)
    cost_eur = models.DecimalField(_("project cost (EUR)"), max_digits=12, decimal_places=2)
    grant_eur = models.DecimalField(_("grant (EUR)"), max_digits=12, decimal_places=2)
    final_cost_eur = models.DecimalField(
        _("final cost (EUR)"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    # Minutes of the grant's hour: a clock hour or a teaching hour (domain.md B3.3).
    hour_unit = models.PositiveSmallIntegerField(
        _("unit of hours"),
        choices=[(60, _("clock hour, 60 minutes")), (45, _("teaching hour, 45 minutes"))],
        default=60,
    )
    summary = models.CharField(_("in one sentence"), max_length=300, blank=True)
    problem = models.TextField(_("why"), blank=True)
    activities = models.TextField(_("what we do"), blank=True)
    results = models.TextField(_("what comes of it"), blank=True)
    figures_note = models.TextField(_("about the figures"), blank=True)
    # Published pages the texts and figures were taken from; empty for a project of the network's own.
    sources = ArrayField(
        models.CharField(max_length=300), default=list, blank=True, verbose_name=_("sources")
    )
    activity_types = models.ManyToManyField(ActivityType, blank=True, verbose_name=_("types of activities"))
    target_groups = models.ManyToManyField(TargetGroup, blank=True, verbose_name=_("target groups"))
    is_published = models.BooleanField(_("shown to everybody"), default=False)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        ordering = ["-starts_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=models.F("starts_on")), name="project_ends_after_start"
            ),
            models.CheckConstraint(condition=Q(hour_unit__in=[45, 60]), name="project_hour_is_45_or_60"),
        ]

    def __str__(self) -> str:
        return self.title


class ProjectStaffQuerySet(models.QuerySet["ProjectStaff"]):
    def serving(self, role: str | None = None, on=None) -> "ProjectStaffQuerySet":
        today = on or timezone.localdate()
        rows = self.filter(starts_on__lte=today).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today))
        return rows.filter(role=role) if role else rows

    def coordinators_of(self, project: "Project | int") -> list[User]:
        """Who coordinates it today and is told what waits there."""
        rows = self.serving(ProjectStaff.Role.COORDINATOR).filter(project=project)
        return [row.user for row in rows.select_related("user").order_by("user")]


class ProjectStaff(models.Model):
    """A person's role in a project, from a day until a day; history stays for the reports."""

    class Role(models.TextChoices):
        COORDINATOR = "coordinator", _("coordinator")
        TRAINER = "trainer", _("trainer")

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="staff")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="project_roles")
    role = models.CharField(_("role"), max_length=12, choices=Role.choices)
    starts_on = models.DateField(_("from"), default=timezone.localdate)
    ends_on = models.DateField(_("until"), null=True, blank=True)

    objects = ProjectStaffQuerySet.as_manager()

    class Meta:
        verbose_name = _("project staff")
        verbose_name_plural = _("project staff")
        ordering = ["project", "role", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "user", "role"],
                condition=Q(ends_on__isnull=True),
                name="project_role_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.user_id}"


class BudgetTask(models.Model):
    """A line of the grant's budget; every session and service belongs to exactly one (domain.md B3.5)."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="tasks")
    code = models.SlugField(max_length=40)
    title = models.CharField(_("title"), max_length=200)

    class Meta:
        verbose_name = _("budget task")
        verbose_name_plural = _("budget tasks")
        ordering = ["project", "code"]
        constraints = [models.UniqueConstraint(fields=["project", "code"], name="task_code_once")]

    def __str__(self) -> str:
        return self.title


class Theme(models.Model):
    """What the hours are about, with the hours the grant promised."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="themes")
    task = models.ForeignKey(BudgetTask, on_delete=models.PROTECT, related_name="themes")
    code = models.SlugField(max_length=40)
    title = models.CharField(_("title"), max_length=200)
    budget_minutes = models.PositiveIntegerField(_("planned minutes"), default=0)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("theme")
        verbose_name_plural = _("themes")
        ordering = ["project", "position", "id"]
        constraints = [models.UniqueConstraint(fields=["project", "code"], name="theme_code_once")]

    def __str__(self) -> str:
        return self.title
