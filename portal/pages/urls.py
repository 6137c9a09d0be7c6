"""Pages that look across the apps."""

from django.urls import path

from portal.pages import account_pages, views

urlpatterns = [
    path("", views.home, name="home"),
    path("me/", views.my_page, name="my_page"),
    # Before allauth's own addresses, of which the first takes the place of one.
    path("account/login/code/confirm/", account_pages.confirm_code, name="account_confirm_login_code"),
    path("account/login/password/", account_pages.login_password, name="account_login_password"),
]
