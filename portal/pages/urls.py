"""Pages that look across the apps."""

from django.urls import path

from portal.pages import views

urlpatterns = [
    path("", views.home, name="home"),
    path("me/", views.my_page, name="my_page"),
]
