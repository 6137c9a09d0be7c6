"""Pages around an order: draft, check, change, question; the coordinator's part, the assistant's answer."""

from django.urls import path

from institutions.views import amending, changes, ordering, reviewing

ORDER = "assistance/<uuid:public_id>/"
WORK = "work/assistance/<uuid:public_id>/"

urlpatterns = [
    path("assistance/new/", ordering.assistance_new, name="assistance_new"),
    path(f"{ORDER}draft/", ordering.assistance_draft, name="assistance_draft"),
    path(f"{ORDER}check/", ordering.assistance_check, name="assistance_check"),
    path(f"{ORDER}send/", ordering.assistance_send, name="assistance_send"),
    path(f"{ORDER}delete/", ordering.assistance_draft_delete, name="assistance_draft_delete"),
    path(f"{ORDER}leave-out/", ordering.assistance_leave_out, name="assistance_leave_out"),
    path(f"{ORDER}answer/", ordering.assistance_answer, name="assistance_answer"),
    path(f"{ORDER}change/", amending.assistance_change, name="assistance_change"),
    path(f"{ORDER}move/", amending.assistance_move, name="assistance_move"),
    path(f"{ORDER}move/back/", amending.assistance_move_back, name="assistance_move_back"),
    path(f"{ORDER}details/", amending.assistance_details, name="assistance_details"),
    # The assistant.
    path("assistant/changes/<uuid:public_id>/", changes.assistant_change, name="assistant_change"),
    # The coordinator.
    path("work/assistance/waiting/", reviewing.work_waiting, name="work_waiting"),
    path("work/assistance/new/", reviewing.work_request_new, name="work_request_new"),
    path(f"{WORK}review/", reviewing.work_review, name="work_review"),
    path(f"{WORK}take-on/", reviewing.work_take_on, name="work_take_on"),
    path(f"{WORK}ask/", reviewing.work_ask, name="work_ask"),
    path(f"{WORK}decline/", reviewing.work_request_decline, name="work_request_decline"),
    path(f"{WORK}change/", amending.work_change, name="work_change"),
    path(f"{WORK}move/", amending.work_move, name="work_move"),
    path(f"{WORK}details/", amending.work_details, name="work_details"),
]
