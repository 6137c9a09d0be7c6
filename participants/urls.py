"""The person's own pages about herself."""

from django.urls import path

from participants import views

urlpatterns = [
    path("me/profile/", views.profile, name="profile"),
    path("me/profile/languages/", views.profile_language, name="profile_language"),
    path(
        "me/profile/languages/<int:pk>/remove/", views.profile_language_remove, name="profile_language_remove"
    ),
    path("me/profile/consents/<slug:purpose>/", views.profile_consent, name="profile_consent"),
]
