import re
import zlib

import pytest
from django.utils import translation

from portal import papers
from projects import founding
from projects.models import Project
from projects.papers import project_sheet
from tests import factories

ADDRESS = "https://splot.example/projects/organizing/"


@pytest.fixture
def organizing(db):
    founding.load_founding_projects()
    return Project.objects.get(slug="organizing")


def letters(pdf: bytes) -> str:
    """Every letter that the file says it shows: what a reader can search for, copy and have read aloud."""
    found = set()
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            text = zlib.decompress(stream)
        except zlib.error:
            continue
        if b"begincmap" in text:
            for code in re.findall(rb"<[0-9A-Fa-f]+> <([0-9A-Fa-f]+)>", text):
                found.update(bytes.fromhex(code.decode()).decode("utf-16-be"))
    return "".join(sorted(found))


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("pl", "ąćęłńóśżź"),
        ("uk", "іїє"),
        ("be", "ўіё"),
        ("ru", "ыэ"),
        ("ar", "ابتلم"),
        ("en", "abc"),
    ],
)
def test_sheet_holds_the_letters_of_its_language(organizing, language, expected):
    with translation.override(language):
        pdf = project_sheet(organizing, address=ADDRESS)
    assert pdf.startswith(b"%PDF")
    assert set(expected) <= set(letters(pdf))


def test_sheet_is_the_same_twice(organizing):
    assert project_sheet(organizing, address=ADDRESS) == project_sheet(organizing, address=ADDRESS)


def test_sheet_shows_text_and_never_runs_it(db):
    project = factories.make_project(title_pl='#panic("x") *a* $b$ \\', sources=["https://example.org/#x"])
    with translation.override("pl"):
        pdf = project_sheet(project, address=ADDRESS)
    assert {"#", "*", "$", "\\"} <= set(letters(pdf))


def test_sheet_of_a_bare_project_is_made(db):
    assert project_sheet(factories.make_project(), address=ADDRESS).startswith(b"%PDF")


def test_page_gives_the_sheet_in_the_language_of_the_address(client, organizing):
    response = client.get("/ar/projects/organizing/pdf/")
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Language"] == "ar"
    assert "organizing-ar.pdf" in response["Content-Disposition"]
    assert response.content.startswith(b"%PDF")


def test_qr_is_a_drawing_without_scripts():
    drawing = papers.qr(ADDRESS)
    assert drawing.startswith("<svg")
    assert "script" not in drawing
