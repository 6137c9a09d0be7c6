"""Pages that look across the apps."""

from django.urls import path

from portal.pages import account_pages, calendar_pages, card_pages, views, workplace
from portal.pages.access_panel import access_panel, set_language
from portal.pages.outbox import demo_outbox
from portal.pages.static_pages import text_page

urlpatterns = [
    path("", views.home, name="home"),
    path("me/", views.my_page, name="my_page"),
    path("me/calendar/", calendar_pages.my_calendar, name="my_calendar"),
    path("work/", workplace.work_today, name="work_today"),
    path("about/", text_page, {"name": "about"}, name="about"),
    path("contact/", text_page, {"name": "contact"}, name="contact"),
    path("privacy/", text_page, {"name": "privacy_notice"}, name="privacy_notice"),
    path("accessibility/", text_page, {"name": "accessibility"}, name="accessibility"),
    path("outbox/", demo_outbox, name="demo_outbox"),
    path("display/", access_panel, name="access_panel"),
    path("language/", set_language, name="set_language"),
    path("card/", card_pages.card, name="card"),
    path("card/<slug:code>/", card_pages.card, name="card_link"),
    path("me/welcome/", card_pages.card_welcome, name="card_welcome"),
    path("account/", account_pages.account, name="account"),
    # Before allauth's own addresses, of which these take the place; the password page is ours alone.
    path("account/login/code/confirm/", account_pages.confirm_code, name="account_confirm_login_code"),
    path("account/2fa/totp/activate/", account_pages.add_app, name="mfa_activate_totp"),
    path("account/2fa/webauthn/add/", account_pages.add_passkey, name="mfa_add_webauthn"),
    path("account/login/password/", account_pages.login_password, name="account_login_password"),
]
