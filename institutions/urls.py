"""Pages of officials, of assistants, and of coordinators for both."""

from django.urls import include, path

from institutions.views import official, open_jobs, public

urlpatterns = [
    path("for-institutions/", public.for_institutions, name="for_institutions"),
    # The official.
    path("assistance/", official.assistance, name="assistance"),
    path("", include("institutions.order_urls")),
    path("assistance/<uuid:public_id>/", official.assistance_request, name="assistance_request"),
    path("assistance/<uuid:public_id>/cancel/", official.assistance_cancel, name="assistance_cancel"),
    # The assistant.
    path("assistant/open/", open_jobs.open_jobs, name="open_jobs"),
    path(
        "assistant/open/<uuid:public_id>/interested/",
        open_jobs.open_job_interested,
        name="open_job_interested",
    ),
    path("", include("institutions.day_urls")),
    path("", include("institutions.assistant_urls")),
    path("", include("institutions.staffing_urls")),
    path("", include("institutions.voice_urls")),
    path("", include("institutions.institution_urls")),
    path("", include("institutions.settlement_urls")),
    path("", include("institutions.figures_urls")),
]
