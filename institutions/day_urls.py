"""Pages of the day and of what follows: for the assistant, the official and the coordinator."""

from django.urls import path

from institutions.views import after, by_phone, glossary, jobs, visits

urlpatterns = [
    # The assistant.
    path("assistant/", jobs.assistant_home, name="assistant_home"),
    path("assistant/glossary/", glossary.assistant_glossary, name="assistant_glossary"),
    path("assistant/jobs/<uuid:public_id>/", jobs.assistant_job, name="assistant_job"),
    path("assistant/jobs/<uuid:public_id>/here/", jobs.assistant_here, name="assistant_here"),
    path("assistant/jobs/<uuid:public_id>/late/", jobs.assistant_late, name="assistant_late"),
    path("assistant/jobs/<uuid:public_id>/absent/", jobs.assistant_absent, name="assistant_absent"),
    path("assistant/jobs/<uuid:public_id>/withdraw/", jobs.assistant_withdraw, name="assistant_withdraw"),
    path("assistant/jobs/<uuid:public_id>/report/", jobs.assistant_report, name="assistant_report"),
    # The official.
    path("assistance/<uuid:public_id>/confirm/", visits.assistance_confirm, name="assistance_confirm"),
    path("assistance/<uuid:public_id>/dispute/", visits.assistance_dispute, name="assistance_dispute"),
    path("assistance/<uuid:public_id>/late/<uuid:job>/", visits.assistance_late, name="assistance_late"),
    path(
        "assistance/<uuid:public_id>/absent/<uuid:job>/", visits.assistance_absent, name="assistance_absent"
    ),
    # The coordinator.
    path("work/assistance/after/", after.work_after, name="work_after"),
    path("work/assistance/jobs/<uuid:public_id>/agree/", after.work_job_approve, name="work_job_approve"),
    path(
        "work/assistance/jobs/<uuid:public_id>/confirm/", by_phone.work_job_confirm, name="work_job_confirm"
    ),
    path("work/assistance/jobs/<uuid:public_id>/dispute/", after.work_job_dispute, name="work_job_dispute"),
    path("work/assistance/jobs/<uuid:public_id>/decide/", after.work_job_decide, name="work_job_decide"),
    path("work/assistance/jobs/<uuid:public_id>/correct/", after.work_job_correct, name="work_job_correct"),
    path("work/assistance/jobs/<uuid:public_id>/hours/", after.work_job_report, name="work_job_report"),
    path("work/assistance/jobs/<uuid:public_id>/talk/", after.work_talk, name="work_talk"),
    path("work/glossary/", glossary.work_glossary, name="work_glossary"),
    path("work/glossary/<int:pk>/", glossary.work_term, name="work_term"),
]
