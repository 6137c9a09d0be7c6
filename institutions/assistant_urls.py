"""Pages of assistants about themselves, and of coordinators about assistants."""

from django.urls import path

from institutions.views import assistant_record, assistants, own_hours, own_profile

_ONE = "work/assistants/<uuid:public_id>/"

urlpatterns = [
    # The assistant about herself.
    path("assistant/hours/", own_hours.assistant_hours, name="assistant_hours"),
    path("assistant/extra-hours/", own_hours.extra_hours_add, name="extra_hours_add"),
    path("assistant/extra-hours/<int:pk>/drop/", own_hours.extra_hours_drop, name="extra_hours_drop"),
    path("assistant/days-off/", own_hours.days_off_add, name="days_off_add"),
    path("assistant/days-off/<int:pk>/drop/", own_hours.days_off_drop, name="days_off_drop"),
    path("assistant/papers/", own_profile.assistant_papers, name="assistant_papers"),
    path("assistant/papers/<slug:paper>/", own_profile.assistant_paper, name="assistant_paper"),
    path("assistant/me/", own_profile.assistant_profile, name="assistant_profile"),
    path("assistant/languages/", own_profile.assistant_language_add, name="assistant_language_add"),
    path(
        "assistant/languages/<int:pk>/drop/",
        own_profile.assistant_language_drop,
        name="assistant_language_drop",
    ),
    path("assistant/where-not/", own_profile.assistant_conflicts, name="assistant_conflicts"),
    path(
        "assistant/where-not/<int:pk>/drop/",
        own_profile.assistant_conflict_drop,
        name="assistant_conflict_drop",
    ),
    # The coordinator about her assistants.
    path("work/assistants/", assistants.work_assistants, name="work_assistants"),
    path("work/assistants/new/", assistants.work_assistant_new, name="work_assistant_new"),
    path(_ONE, assistants.work_assistant, name="work_assistant"),
    path(f"{_ONE}profile/", assistants.work_assistant_profile, name="work_assistant_profile"),
    path(f"{_ONE}hours/", assistants.work_assistant_hours, name="work_assistant_hours"),
    path(f"{_ONE}suspend/", assistants.work_assistant_suspend, name="work_assistant_suspend"),
    path(f"{_ONE}languages/", assistant_record.work_assistant_languages, name="work_assistant_languages"),
    path(
        f"{_ONE}languages/<int:pk>/verify/",
        assistant_record.work_assistant_language_verify,
        name="work_assistant_language_verify",
    ),
    path(
        f"{_ONE}languages/<int:pk>/drop/",
        assistant_record.work_assistant_language_drop,
        name="work_assistant_language_drop",
    ),
    path(f"{_ONE}papers/", assistant_record.work_assistant_papers, name="work_assistant_papers"),
    path(f"{_ONE}papers/signed/", assistant_record.work_assistant_on_paper, name="work_assistant_on_paper"),
    path(
        f"{_ONE}papers/sheet/<slug:language>/",
        assistant_record.work_assistant_sheet,
        name="work_assistant_sheet",
    ),
    path(
        f"{_ONE}trainings/",
        assistant_record.work_assistant_training_add,
        name="work_assistant_training_add",
    ),
    path(
        f"{_ONE}trainings/<int:pk>/drop/",
        assistant_record.work_assistant_training_drop,
        name="work_assistant_training_drop",
    ),
    path(f"{_ONE}where-not/", assistant_record.work_assistant_conflicts, name="work_assistant_conflicts"),
    path(
        f"{_ONE}where-not/<int:pk>/drop/",
        assistant_record.work_assistant_conflict_drop,
        name="work_assistant_conflict_drop",
    ),
]
