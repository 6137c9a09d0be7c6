"""All addresses. Every page stands under its language: /pl/…, /uk/…"""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from portal.pages import calendar_pages, machines

urlpatterns = [
    path("health/live", machines.live, name="health_live"),
    path("health/ready", machines.ready, name="health_ready"),
    path("robots.txt", machines.robots, name="robots"),
    path("sitemap.xml", machines.sitemap, name="sitemap"),
    path("calendar/<str:token>.ics", calendar_pages.calendar_feed, name="calendar_feed"),
    path("favicon.ico", machines.favicon, name="favicon"),
    *i18n_patterns(
        path("", include("portal.pages.urls")),
        path("", include("projects.urls")),
        path("", include("participants.urls")),
        path("", include("workshops.urls")),
        path("", include("institutions.urls")),
        path("account/", include("allauth.urls")),
        path("admin/", admin.site.urls),
    ),
]
