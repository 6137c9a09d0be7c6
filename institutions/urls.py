"""Pages of officials, of assistants, and of coordinators for both."""

from django.urls import path

from institutions.views import assistants, institutions, jobs, official, public, workplace

urlpatterns = [
    path("for-institutions/", public.for_institutions, name="for_institutions"),
    # The official.
    path("assistance/", official.assistance, name="assistance"),
    path("assistance/new/", official.assistance_new, name="assistance_new"),
    path("assistance/<uuid:public_id>/", official.assistance_request, name="assistance_request"),
    path("assistance/<uuid:public_id>/cancel/", official.assistance_cancel, name="assistance_cancel"),
    path("assistance/<uuid:public_id>/confirm/", official.assistance_confirm, name="assistance_confirm"),
    path("assistance/<uuid:public_id>/dispute/", official.assistance_dispute, name="assistance_dispute"),
    # The assistant.
    path("assistant/", jobs.assistant_home, name="assistant_home"),
    path("assistant/hours/", jobs.assistant_hours, name="assistant_hours"),
    path("assistant/days-off/", jobs.days_off_add, name="days_off_add"),
    path("assistant/days-off/<int:pk>/drop/", jobs.days_off_drop, name="days_off_drop"),
    path("assistant/offers/<uuid:public_id>/", jobs.assistant_offer, name="assistant_offer"),
    path("assistant/offers/<uuid:public_id>/accept/", jobs.offer_accept, name="offer_accept"),
    path("assistant/offers/<uuid:public_id>/refuse/", jobs.offer_refuse, name="offer_refuse"),
    path("assistant/jobs/<uuid:public_id>/", jobs.assistant_job, name="assistant_job"),
    path("assistant/jobs/<uuid:public_id>/withdraw/", jobs.assistant_withdraw, name="assistant_withdraw"),
    path("assistant/jobs/<uuid:public_id>/report/", jobs.assistant_report, name="assistant_report"),
    # The coordinator.
    path("work/assistance/", workplace.work_assistance, name="work_assistance"),
    path(
        "work/assistance/<uuid:public_id>/", workplace.work_assistance_request, name="work_assistance_request"
    ),
    path("work/assistance/<uuid:public_id>/candidates/", workplace.work_candidates, name="work_candidates"),
    path("work/assistance/<uuid:public_id>/assign/", workplace.work_assign, name="work_assign"),
    path("work/assistance/<uuid:public_id>/withdraw/", workplace.work_withdraw, name="work_withdraw"),
    path("work/assistance/<uuid:public_id>/cancel/", workplace.work_cancel, name="work_cancel"),
    path("work/institutions/", institutions.work_institutions, name="work_institutions"),
    path("work/institutions/new/", institutions.work_institution_new, name="work_institution_new"),
    path("work/institutions/<slug:slug>/", institutions.work_institution, name="work_institution"),
    path("work/institutions/<slug:slug>/units/new/", institutions.work_unit_new, name="work_unit_new"),
    path("work/institutions/<slug:slug>/invite/", institutions.work_official_new, name="work_official_new"),
    path(
        "work/institutions/<slug:slug>/officials/<int:pk>/end/",
        institutions.work_official_end,
        name="work_official_end",
    ),
    path("work/assistants/", assistants.work_assistants, name="work_assistants"),
    path("work/assistants/new/", assistants.work_assistant_new, name="work_assistant_new"),
    path("work/assistants/<uuid:public_id>/", assistants.work_assistant, name="work_assistant"),
    path(
        "work/assistants/<uuid:public_id>/suspend/",
        assistants.work_assistant_suspend,
        name="work_assistant_suspend",
    ),
]
