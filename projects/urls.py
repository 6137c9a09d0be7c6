from django.urls import path

from projects import views

urlpatterns = [
    path("projects/", views.project_list, name="project_list"),
    path("projects/<slug:slug>/", views.project_page, name="project_page"),
    path("projects/<slug:slug>/pdf/", views.project_pdf, name="project_pdf"),
]
