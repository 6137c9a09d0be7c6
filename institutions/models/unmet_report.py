"""A map of unmet need that was given out, as it was on that day."""

import uuid

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.models import Project


class UnmetReport(models.Model):
    """Numbers that are in somebody's hands do not change: ``data`` is what was published, small cells hidden.

    The periods of two standing reports of a project never overlap: the difference of two numbers that are
    each large enough could be a number that is not.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="unmet_reports")
    since = models.DateField(_("from"))
    until = models.DateField(_("until"))
    data = models.JSONField(default=dict)
    published_at = models.DateTimeField(default=timezone.now)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    taken_back_at = models.DateTimeField(null=True, blank=True)
    taken_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("map of unmet need")
        verbose_name_plural = _("maps of unmet need")
        ordering = ["-since", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="unmet_report_period"),
            ExclusionConstraint(
                name="unmet_report_periods_apart",
                expressions=[
                    (
                        Func(F("project"), F("project"), Value("[]"), function="int8range"),
                        RangeOperators.OVERLAPS,
                    ),
                    (
                        Func(
                            F("since"),
                            F("until"),
                            Value("[]"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(taken_back_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"unmet need {self.since} to {self.until} of project {self.project_id}"
