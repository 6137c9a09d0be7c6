"""Addresses of certificates: the person's own, the page where anybody checks one, the workplace."""

from django.urls import path

from workshops import certificate_views as views
from workshops.workplace import certificates as work

urlpatterns = [
    path("me/certificates/", views.my_certificates, name="my_certificates"),
    path("me/certificates/<uuid:public_id>/pdf/", views.my_certificate_pdf, name="my_certificate_pdf"),
    path("me/certificates/<uuid:public_id>/again/", views.my_certificate_again, name="my_certificate_again"),
    path("certificates/", views.certificate_check, name="certificate_check"),
    path("certificates/<str:code>/", views.certificate, name="certificate"),
    path("work/workshops/<slug:slug>/certificates/", work.work_certificates, name="work_certificates"),
    path(
        "work/workshops/<slug:slug>/certificates/draft/",
        work.work_certificates_draft,
        name="work_certificates_draft",
    ),
    path(
        "work/workshops/<slug:slug>/certificates/issue/",
        work.work_certificates_issue,
        name="work_certificates_issue",
    ),
    path(
        "work/workshops/<slug:slug>/certificates/pdf/",
        work.work_certificates_pdf,
        name="work_certificates_pdf",
    ),
    path(
        "work/registrations/<uuid:public_id>/certificate/",
        work.work_certificate_new,
        name="work_certificate_new",
    ),
    path("work/certificates/<uuid:public_id>/", work.work_certificate, name="work_certificate"),
    path("work/certificates/<uuid:public_id>/pdf/", work.work_certificate_pdf, name="work_certificate_pdf"),
    path(
        "work/certificates/<uuid:public_id>/issue/",
        work.work_certificate_issue,
        name="work_certificate_issue",
    ),
    path(
        "work/certificates/<uuid:public_id>/throw-away/",
        work.work_certificate_throw_away,
        name="work_certificate_throw_away",
    ),
    path(
        "work/certificates/<uuid:public_id>/revoke/",
        work.work_certificate_revoke,
        name="work_certificate_revoke",
    ),
    path(
        "work/certificates/<uuid:public_id>/reissue/",
        work.work_certificate_reissue,
        name="work_certificate_reissue",
    ),
]
