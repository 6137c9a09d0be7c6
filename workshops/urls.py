"""The public pages of workshops; the workplace of those who plan and lead them has its own list."""

from django.urls import include, path

from workshops import registration_views, views

urlpatterns = [
    path("workshops/", views.workshops, name="workshops"),
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
    path("", include("workshops.workplace_urls")),
]
