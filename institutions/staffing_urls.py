"""How somebody is found: what assistants answer, and what coordinators and officials decide."""

from django.urls import path

from institutions.views import offers, staffing, workplace

urlpatterns = [
    # The assistant.
    path("assistant/offers/<uuid:public_id>/", offers.assistant_offer, name="assistant_offer"),
    path("assistant/offers/<uuid:public_id>/accept/", offers.offer_accept, name="offer_accept"),
    path(
        "assistant/offers/<uuid:public_id>/accept-series/",
        offers.offer_accept_series,
        name="offer_accept_series",
    ),
    path("assistant/offers/<uuid:public_id>/refuse/", offers.offer_refuse, name="offer_refuse"),
    path("assistant/offers/<uuid:public_id>/interested/", offers.offer_interested, name="offer_interested"),
    # The official.
    path("assistance/<uuid:public_id>/one-is-enough/", staffing.assistance_one, name="assistance_one"),
    # The coordinator.
    path("work/assistance/<uuid:public_id>/candidates/", staffing.work_candidates, name="work_candidates"),
    path("work/assistance/<uuid:public_id>/assign/", staffing.work_assign, name="work_assign"),
    path("work/assistance/<uuid:public_id>/choose/", staffing.work_choose, name="work_choose"),
    path("work/assistance/<uuid:public_id>/choice/", staffing.work_choice, name="work_choice"),
    path("work/assistance/<uuid:public_id>/look-again/", staffing.work_look_again, name="work_look_again"),
    path("work/assistance/<uuid:public_id>/one-is-enough/", staffing.work_one, name="work_one"),
    path("work/assistance/jobs/<uuid:public_id>/withdraw/", staffing.work_withdraw, name="work_withdraw"),
    path("work/assistance/jobs/<uuid:public_id>/replace/", staffing.work_replace, name="work_replace"),
    path("work/assistance/", workplace.work_assistance, name="work_assistance"),
    path(
        "work/assistance/<uuid:public_id>/", workplace.work_assistance_request, name="work_assistance_request"
    ),
    path("work/assistance/<uuid:public_id>/cancel/", workplace.work_cancel, name="work_cancel"),
]
