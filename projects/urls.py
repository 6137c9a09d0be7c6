from django.urls import path

from projects import views, workplace

urlpatterns = [
    path("projects/", views.project_list, name="project_list"),
    path("projects/<slug:slug>/", views.project_page, name="project_page"),
    path("projects/<slug:slug>/pdf/", views.project_pdf, name="project_pdf"),
    path("work/projects/", workplace.work_project_list, name="work_project_list"),
    path("work/projects/<slug:slug>/", workplace.work_project, name="work_project"),
    path("work/projects/<slug:slug>/ledger/", workplace.work_ledger, name="work_ledger"),
    path("work/projects/<slug:slug>/ledger/csv/", workplace.work_ledger_csv, name="work_ledger_csv"),
    path("work/projects/<slug:slug>/staff/", workplace.work_staff, name="work_staff"),
    path(
        "work/projects/<slug:slug>/staff/end/",
        workplace.work_staff_end,
        name="work_staff_end",
    ),
]
