"""The public pages of the projects."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from portal.access import public
from projects import papers, portrait
from projects.models import Project


@public
def project_list(request: HttpRequest) -> HttpResponse:
    return render(request, "projects/project_list.html", {"projects": Project.objects.published()})


@public
def project_page(request: HttpRequest, slug: str) -> HttpResponse:
    project = get_object_or_404(Project.objects.published(), slug=slug)
    context = {
        "project": project,
        "portrait": portrait.of(project),
        "address": request.build_absolute_uri(request.path),
    }
    return render(request, "projects/project_page.html", context)


@public
def project_pdf(request: HttpRequest, slug: str) -> HttpResponse:
    project = get_object_or_404(Project.objects.published(), slug=slug)
    address = request.build_absolute_uri(request.path.removesuffix("pdf/"))
    return HttpResponse(
        papers.project_sheet(project, address=address),
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'inline; filename="{project.slug}-{request.LANGUAGE_CODE}.pdf"',
            "Content-Language": request.LANGUAGE_CODE,
        },
    )
