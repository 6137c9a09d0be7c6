"""Evidence in the workplace: signature lists, head-counts, posters, and what is missing of them."""

from django.urls import path

from workshops.workplace import head_counts, sheets

urlpatterns = [
    path("work/workshops/<slug:slug>/sheets/", sheets.work_workshop_sheets, name="work_workshop_sheets"),
    path("work/sessions/<int:pk>/paper/", sheets.work_session_paper, name="work_session_paper"),
    path("work/sheets/<uuid:public_id>/", sheets.work_sheet, name="work_sheet"),
    path("work/sheets/<uuid:public_id>/pdf/", sheets.work_sheet_pdf, name="work_sheet_pdf"),
    path("work/sheets/<uuid:public_id>/scan/", sheets.work_sheet_scan, name="work_sheet_scan"),
    path("work/sessions/<int:pk>/head-count/", head_counts.work_head_count, name="work_head_count"),
    path("work/workshops/<slug:slug>/poster/", head_counts.work_poster, name="work_poster"),
    path("work/projects/<slug:slug>/evidence/", head_counts.work_evidence, name="work_evidence"),
]
