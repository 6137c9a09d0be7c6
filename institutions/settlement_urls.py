"""Papers of a month."""

from django.urls import path

from institutions.views import own_papers, settlement

urlpatterns = [
    path("work/settlement/", settlement.work_settlement, name="work_settlement"),
    path("work/settlement/make/", settlement.work_settlement_make, name="work_settlement_make"),
    path("work/settlement/file/", settlement.work_settlement_file, name="work_settlement_file"),
    path("settlement/sheets/<uuid:public_id>/", settlement.hours_sheet, name="hours_sheet"),
    path("settlement/sheets/<uuid:public_id>/sign/", settlement.hours_sheet_sign, name="hours_sheet_sign"),
    path("settlement/sheets/<uuid:public_id>/again/", settlement.hours_sheet_renew, name="hours_sheet_renew"),
    path(
        "settlement/sheets/<uuid:public_id>/file/<slug:form>/",
        settlement.hours_sheet_file,
        name="hours_sheet_file",
    ),
    path("settlement/statements/<uuid:public_id>/", settlement.statement, name="statement"),
    path("settlement/statements/<uuid:public_id>/sign/", settlement.statement_sign, name="statement_sign"),
    path(
        "settlement/statements/<uuid:public_id>/file/<slug:form>/",
        settlement.statement_file,
        name="statement_file",
    ),
    path("assistant/sheets/", own_papers.own_sheets, name="own_sheets"),
    path("assistant/sheets/make/", own_papers.own_sheet_make, name="own_sheet_make"),
    path("institution/<slug:slug>/statements/", own_papers.own_statements, name="own_statements"),
]
