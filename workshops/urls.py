"""The public pages of workshops; the workplace of those who plan and lead them has its own list."""

from importlib.util import find_spec

from django.urls import include, path

from workshops import views

urlpatterns = [
    path("workshops/", views.workshops, name="workshops"),
    path("workshops/<slug:slug>/", views.workshop, name="workshop"),
    path("workshops/<slug:slug>/register/", views.register, name="register"),
    path("workshops/<slug:slug>/registered/", views.registered, name="registered"),
    path("workshops/<slug:slug>/cancel/", views.cancel_registration, name="cancel_registration"),
    path("workshops/<slug:slug>/calendar.ics", views.workshop_calendar, name="workshop_calendar"),
]
if find_spec("workshops.workplace_urls"):
    urlpatterns.append(path("", include("workshops.workplace_urls")))
