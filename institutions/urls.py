"""Pages of officials, of assistants, and of coordinators for both."""

from django.urls import include, path

from institutions.views import jobs, official, open_jobs, public, workplace

urlpatterns = [
    path("for-institutions/", public.for_institutions, name="for_institutions"),
    # The official.
    path("assistance/", official.assistance, name="assistance"),
    path("", include("institutions.order_urls")),
    path("assistance/<uuid:public_id>/", official.assistance_request, name="assistance_request"),
    path("assistance/<uuid:public_id>/cancel/", official.assistance_cancel, name="assistance_cancel"),
    path("assistance/<uuid:public_id>/confirm/", official.assistance_confirm, name="assistance_confirm"),
    path("assistance/<uuid:public_id>/dispute/", official.assistance_dispute, name="assistance_dispute"),
    # The assistant.
    path("assistant/", jobs.assistant_home, name="assistant_home"),
    path("assistant/open/", open_jobs.open_jobs, name="open_jobs"),
    path(
        "assistant/open/<uuid:public_id>/interested/",
        open_jobs.open_job_interested,
        name="open_job_interested",
    ),
    path("", include("institutions.assistant_urls")),
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
    path("", include("institutions.voice_urls")),
    path("", include("institutions.institution_urls")),
]
