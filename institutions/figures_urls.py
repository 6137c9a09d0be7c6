"""What the network can say of itself, and where nobody could come."""

from django.urls import path

from institutions.views import figures, unmet

urlpatterns = [
    path("work/assistance/figures/", figures.work_figures, name="work_figures"),
    path("work/assistance/figures/csv/", figures.work_figures_csv, name="work_figures_csv"),
    path("work/assistance/unmet/", unmet.work_unmet, name="work_unmet"),
    path("work/assistance/unmet/publish/", unmet.work_unmet_publish, name="work_unmet_publish"),
    path(
        "work/assistance/unmet/<uuid:public_id>/take-back/",
        unmet.work_unmet_take_back,
        name="work_unmet_take_back",
    ),
    path("unmet-need/<uuid:public_id>/", unmet.unmet_need, name="unmet_need"),
    path("unmet-need/<uuid:public_id>/pdf/", unmet.unmet_need_pdf, name="unmet_need_pdf"),
]
