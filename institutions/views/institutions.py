"""The coordinator keeps the list of partner institutions and of those who may ask in their name."""

from django.contrib import messages as flash
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from institutions import officials, places
from institutions.forms import refuse
from institutions.institution_forms import InstitutionForm, InviteForm, UnitForm
from institutions.models import Institution, Official
from portal import audit
from portal.desk import desk_tabs
from portal.refusals import Refused
from projects.access import coordinator_required
from projects.models import Project

PAGE = 30


@coordinator_required
@require_GET
def work_institutions(request):
    today = timezone.localdate()
    serving = Q(officials__starts_on__lte=today) & (
        Q(officials__ends_on__isnull=True) | Q(officials__ends_on__gte=today)
    )
    rows = (
        Institution.objects.managed_by(request.user)
        .with_agreement()
        .annotate(
            official_count=Count("officials", filter=serving, distinct=True),
            request_count=Count("requests", distinct=True),
        )
    )
    page = Paginator(rows.order_by("town", "slug"), PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "institutions/work_institutions.html",
        {"page": page, "today": today, "tabs": desk_tabs("work_institutions")},
    )


@coordinator_required
@require_http_methods(["GET", "POST"])
def work_institution_new(request):
    form = InstitutionForm(request.POST or None, projects=Project.objects.coordinated_by(request.user))
    if request.method == "POST" and form.is_valid():
        institution = form.save()
        audit.record("institution.added", institution, by=request.user)
        flash.success(request, _("The institution is on the list. Now invite somebody who works there."))
        return redirect("work_institution", institution.slug)
    return render(request, "institutions/work_institution_new.html", {"form": form})


@coordinator_required
@require_http_methods(["GET", "POST"])
def work_institution(request, slug):
    institution = managed(request, slug)
    projects = Project.objects.coordinated_by(request.user)
    form = InstitutionForm(request.POST or None, instance=institution, projects=projects)
    if request.method == "POST" and form.is_valid():
        form.save()
        audit.record("institution.changed", institution, by=request.user, fields=sorted(form.changed_data))
        flash.success(request, _("Saved."))
        return redirect("work_institution", slug)
    return render(request, "institutions/work_institution.html", page_of(institution, form, UnitForm()))


@coordinator_required
@require_POST
def work_unit_new(request, slug):
    institution = managed(request, slug)
    form = UnitForm(request.POST)
    if form.is_valid():
        places.add_unit(institution, by=request.user, **form.facts())
        flash.success(request, _("The unit is on the list."))
        return redirect("work_institution", slug)
    details = InstitutionForm(instance=institution, projects=Project.objects.coordinated_by(request.user))
    return render(request, "institutions/work_institution.html", page_of(institution, details, form))


@coordinator_required
@require_http_methods(["GET", "POST"])
def work_official_new(request, slug):
    institution = managed(request, slug)
    form = InviteForm(request.POST or None, institution=institution)
    if request.method == "POST" and form.is_valid():
        try:
            officials.invite(institution, by=request.user, **form.cleaned_data)
        except Refused as no:
            refuse(form, no)
        else:
            flash.success(request, _("Invited. The e-mail tells how to sign in."))
            return redirect("work_institution", slug)
    return render(request, "institutions/work_official_new.html", {"institution": institution, "form": form})


@coordinator_required
@require_POST
def work_official_end(request, slug, pk):
    official = get_object_or_404(Official, pk=pk, institution=managed(request, slug))
    officials.end(official, by=request.user)
    flash.success(request, _("From now on this person cannot ask for assistants here."))
    return redirect("work_institution", slug)


def managed(request, slug) -> Institution:
    return get_object_or_404(
        Institution.objects.managed_by(request.user).select_related("project"), slug=slug
    )


def page_of(institution: Institution, form: InstitutionForm, unit_form: UnitForm) -> dict:
    return {
        "institution": institution,
        "form": form,
        "unit_form": unit_form,
        "units": institution.units.order_by("id"),
        "officials": Official.objects.serving()
        .filter(institution=institution)
        .select_related("user", "unit")
        .order_by("user__name_key", "id"),
    }
