"""Institutions, their agreements, units and officials."""

from django.urls import path

from institutions.views import institutions, own_institution, seats, units

urlpatterns = [
    # The coordinator.
    path("work/institutions/", institutions.work_institutions, name="work_institutions"),
    path("work/institutions/new/", institutions.work_institution_new, name="work_institution_new"),
    path("work/officials/trained/", institutions.work_trained, name="work_trained"),
    path("work/institutions/<slug:slug>/", institutions.work_institution, name="work_institution"),
    path(
        "work/institutions/<slug:slug>/agreements/",
        institutions.work_agreement_new,
        name="work_agreement_new",
    ),
    path("work/agreements/<int:pk>/", institutions.work_agreement, name="work_agreement"),
    path("work/agreements/<int:pk>/end/", institutions.work_agreement_end, name="work_agreement_end"),
    # Whoever looks after it: the coordinator, or its own administrator.
    path("institution/<slug:slug>/units/", units.unit_new, name="unit_new"),
    path("institution/units/<int:pk>/", units.unit, name="unit"),
    path("institution/units/<int:pk>/hours/", units.unit_hours, name="unit_hours"),
    path("institution/units/<int:pk>/close/", units.unit_close, name="unit_close"),
    path("institution/<slug:slug>/officials/", seats.official_new, name="official_new"),
    path("institution/officials/<int:pk>/", seats.official_seat, name="official_seat"),
    path("institution/officials/<int:pk>/administrator/", seats.official_name, name="official_name"),
    path("institution/officials/<int:pk>/hand-over/", seats.official_hand_over, name="official_hand_over"),
    path("institution/officials/<int:pk>/end/", seats.official_end, name="official_end"),
    # The institution itself.
    path("institution/", own_institution.own_institution, name="own_institution"),
    path("institution/<slug:slug>/edit/", own_institution.own_institution_edit, name="own_institution_edit"),
]
