"""The coordinator keeps the list of partner institutions, their agreements, and who there was trained."""

from django.contrib import messages as flash
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from institutions import agreements, officials
from institutions.forms import refuse
from institutions.institution_forms import (
    AgreementForm,
    EndAgreementForm,
    InstitutionForm,
    TrainedForm,
)
from institutions.models import Agreement, AssistanceRequest, Institution, Official, TimeReport
from portal import audit
from portal.desk import desk_tabs
from portal.refusals import Refused
from projects.access import coordinator_required
from projects.models import Project

PAGE = 30


@coordinator_required
@require_GET
def work_institutions(request):
    mine = Institution.objects.managed_by(request.user)
    page = Paginator(with_figures(mine).order_by("town", "slug"), PAGE).get_page(request.GET.get("page"))
    trained = Official.objects.trained().filter(institution__in=mine)
    return render(
        request,
        "institutions/work_institutions.html",
        {
            "page": page,
            "reaches": agreements.reach_of(Project.objects.coordinated_by(request.user)),
            "trained": trained.aggregate(people=Count("user", distinct=True))["people"],
            "tabs": desk_tabs("work_institutions"),
        },
    )


@coordinator_required
@require_http_methods(["GET", "POST"])
def work_institution_new(request):
    projects = Project.objects.coordinated_by(request.user)
    form = InstitutionForm(request.POST or None, projects=projects)
    if request.method == "POST" and save(form, projects, by=request.user):
        flash.success(request, _("The institution is on the list. Now invite somebody who works there."))
        return redirect("work_institution", form.instance.slug)
    return render(request, "institutions/work_institution_new.html", {"form": form})


@transaction.atomic
def save(form: InstitutionForm, projects, *, by) -> bool:
    """One at a time in a network, so that the second of two clicks finds what the first one added."""
    list(projects.select_for_update(of=("self",), no_key=True).order_by("pk"))
    if not form.is_valid():
        return False
    is_new = form.instance.pk is None
    institution = form.save()
    if is_new:
        audit.record("institution.added", institution, by=by)
    else:
        audit.record("institution.changed", institution, by=by, fields=sorted(form.changed_data))
    return True


@coordinator_required
@require_http_methods(["GET", "POST"])
def work_institution(request, slug):
    rows = with_figures(Institution.objects.managed_by(request.user)).select_related("project")
    institution = get_object_or_404(rows, slug=slug)
    projects = Project.objects.coordinated_by(request.user)
    form = InstitutionForm(request.POST or None, instance=institution, projects=projects)
    if request.method == "POST" and save(form, projects, by=request.user):
        flash.success(request, _("Saved."))
        return redirect("work_institution", slug)
    today = timezone.localdate()
    in_force = Exists(Agreement.objects.valid(today).filter(pk=OuterRef("pk")))
    signed = institution.agreements.select_related("project").annotate(in_force=in_force)
    context = people_and_places(institution) | {
        "form": form,
        "agreements": signed,
        "valid": {agreement.pk for agreement in signed if agreement.in_force},
        "today": today,
    }
    return render(request, "institutions/work_institution.html", context)


@coordinator_required
@require_http_methods(["GET", "POST"])
def work_agreement_new(request, slug):
    institution = managed(request, slug)
    projects = Project.objects.coordinated_by(request.user)
    form = AgreementForm(request.POST or None, projects=projects, initial={"project": institution.project})
    if request.method == "POST" and form.is_valid():
        try:
            agreements.sign(institution, by=request.user, **form.cleaned_data)
        except Refused as no:
            refuse(form, no)
        else:
            flash.success(request, _("The agreement is on the list."))
            return redirect("work_institution", slug)
    context = {"institution": institution, "agreement": None, "form": form}
    return render(request, "institutions/work_agreement.html", context)


@coordinator_required
@require_http_methods(["GET", "POST"])
def work_agreement(request, pk):
    agreement = managed_agreement(request, pk)
    projects = Project.objects.coordinated_by(request.user)
    form = AgreementForm(request.POST or None, instance=agreement, projects=projects)
    if request.method == "POST" and form.is_valid():
        try:
            agreements.correct(agreement, by=request.user, **form.cleaned_data)
        except Refused as no:
            refuse(form, no)
        else:
            flash.success(request, _("Saved."))
            return redirect("work_institution", agreement.institution.slug)
    context = {"institution": agreement.institution, "agreement": agreement, "form": form}
    return render(request, "institutions/work_agreement.html", context | {"end_form": EndAgreementForm()})


@coordinator_required
@require_http_methods(["GET", "POST"])
def work_agreement_end(request, pk):
    agreement = managed_agreement(request, pk)
    form = EndAgreementForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            agreements.end_early(agreement, by=request.user, on=form.cleaned_data["on"])
        except Refused as no:
            refuse(form, no)
        else:
            flash.success(request, _("The agreement has an end now."))
            return redirect("work_institution", agreement.institution.slug)
    context = {"institution": agreement.institution, "agreement": agreement, "form": form}
    return render(request, "institutions/work_agreement_end.html", context)


@coordinator_required
@require_http_methods(["GET", "POST"])
def work_trained(request):
    """Who of the institutions' employees was trained, and writing down who was (features.md S9)."""
    mine = Official.objects.filter(institution__in=Institution.objects.managed_by(request.user))
    serving = (
        mine.serving().select_related("user", "institution").order_by("institution__slug", "user__name_key")
    )
    form = TrainedForm(request.POST or None, officials=serving)
    if request.method == "POST" and form.is_valid():
        try:
            new = officials.record_training(
                form.cleaned_data["officials"], by=request.user, on=form.cleaned_data["trained_on"]
            )
        except Refused as no:
            refuse(form, no)
        else:
            told = ngettext("%(number)d person was trained.", "%(number)d people were trained.", len(new))
            flash.success(request, told % {"number": len(new)})
            return redirect("work_trained")
    rows = (
        mine.trained().select_related("user", "institution", "unit").order_by("-trained_on", "user__name_key")
    )
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(request, "institutions/work_trained.html", {"form": form, "page": page})


def managed(request, slug) -> Institution:
    return get_object_or_404(
        Institution.objects.managed_by(request.user).select_related("project"), slug=slug
    )


def managed_agreement(request, pk) -> Agreement:
    rows = Agreement.objects.filter(institution__in=Institution.objects.managed_by(request.user))
    return get_object_or_404(rows.select_related("institution__project", "project"), pk=pk)


def with_figures(institutions):
    """With how many officials serve and were trained, how much was asked for, and the minutes confirmed."""
    today = timezone.localdate()
    serving = Q(officials__starts_on__lte=today) & (
        Q(officials__ends_on__isnull=True) | Q(officials__ends_on__gte=today)
    )
    asked = AssistanceRequest.objects.exclude(state=AssistanceRequest.State.DRAFT)
    asked = asked.filter(institution=OuterRef("pk")).order_by().values("institution")
    worked = TimeReport.objects.confirmed().filter(assignment__request__institution=OuterRef("pk"))
    worked = worked.order_by().values("assignment__request__institution")
    return institutions.with_agreement().annotate(
        official_count=Count("officials", filter=serving),
        trained_count=Count("officials__user", filter=Q(officials__trained_on__isnull=False), distinct=True),
        request_count=_number(asked.annotate(total=Count("pk"))),
        minutes=_number(worked.annotate(total=Sum("worked"))),
    )


def _number(rows) -> Coalesce:
    """``total`` of the one row that a subquery groups to."""
    return Coalesce(Subquery(rows.values("total")[:1], output_field=IntegerField()), 0)


def people_and_places(institution: Institution) -> dict:
    seats = Official.objects.serving().filter(institution=institution).select_related("user", "unit")
    return {
        "institution": institution,
        "units": institution.units.prefetch_related("opening_hours").order_by(
            F("closed_at").asc(nulls_first=True), "id"
        ),
        "officials": seats.order_by("-is_administrator", "user__name_key", "id"),
    }
