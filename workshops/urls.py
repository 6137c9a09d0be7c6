"""The public pages of workshops; the workplace of those who plan and lead them has its own list."""

from django.urls import include, path

from workshops import (
    calendar_views,
    check_in_views,
    family_views,
    offer_views,
    registration_views,
    staying_views,
    views,
)

urlpatterns = [
    path("workshops/", views.workshops, name="workshops"),
    path("offers/<uuid:public_id>/", offer_views.seat_offer, name="seat_offer"),
    path("workshops/calendar.ics", calendar_views.workshops_calendar, name="workshops_calendar"),
    path("workshops/<slug:slug>/", views.workshop, name="workshop"),
    path("workshops/<slug:slug>/calendar.ics", views.workshop_calendar, name="workshop_calendar"),
    path("workshops/<slug:slug>/register/", registration_views.register, name="register"),
    path(
        "workshops/<slug:slug>/register/consents/",
        registration_views.register_consents,
        name="register_consents",
    ),
    path(
        "workshops/<slug:slug>/register/finish/", registration_views.register_finish, name="register_finish"
    ),
    path("workshops/<slug:slug>/cancel/", registration_views.cancel_registration, name="cancel_registration"),
    path(
        "workshops/<slug:slug>/invited/<uuid:key>/",
        registration_views.workshop_invited,
        name="workshop_invited",
    ),
    path("workshops/<slug:slug>/needs/", registration_views.my_needs, name="my_needs"),
    path("me/hours/", staying_views.my_hours, name="my_hours"),
    path("staying/<str:token>/", staying_views.missed_meetings, name="missed_meetings"),
    path("workshops/<slug:slug>/my-code/", check_in_views.my_code, name="my_code"),
    path("my-code/<str:code>/", check_in_views.my_code_by_link, name="my_code_by_link"),
    path("check-in/", check_in_views.check_in_digits, name="check_in_digits"),
    path("check-in/<str:code>/", check_in_views.check_in_page, name="check_in"),
    path("workshops/<slug:slug>/family/", family_views.register_family, name="register_family"),
    path("workshops/<slug:slug>/family/child/", family_views.child_add, name="child_add"),
    path("workshops/<slug:slug>/family/cancel/", family_views.family_cancel, name="family_cancel"),
    path("me/family/", family_views.my_family, name="my_family"),
    path("me/family/<uuid:public_id>/remove/", family_views.child_remove, name="child_remove"),
    path("", include("workshops.certificate_urls")),
    path("", include("workshops.workplace_urls")),
]
