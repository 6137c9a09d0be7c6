"""The paper: what stands on it in which language, that it stays one page, and that no letter is missing."""

import json
import re

import pytest
import typst
from django.utils import translation

from portal import papers
from tests.factories import make_user
from tests.projects.test_papers import letters
from tests.workshops.certificate_scene import attended, make_certificate, make_course
from workshops import certificate_papers, certificates
from workshops.models import Certificate, Workshop

pytestmark = pytest.mark.django_db

LONG_NAME = (
    "Maria del Carmen Aleksandra Konstancja García López de la Vega y Fernández-Villanueva Wyszomirska"
)


@pytest.fixture
def course(theme, trainer):
    return make_course(theme, trainers=[trainer])


@pytest.fixture
def make(course):
    """A valid certificate in a language, as it would be issued."""

    def certificate(language="uk", name="Olena Łąka", *, workshop=None, **fields) -> Certificate:
        row = attended(workshop or course, make_user(full_name=name), times=4)
        fields = {"state": "issued", "level": "A1", "language": language} | fields
        return make_certificate(row, **fields)

    return certificate


@pytest.fixture
def told(monkeypatch):
    """What reached the template, by the words that are printed."""
    seen = []

    def render(template, data, **options):
        seen.append(json.loads(json.dumps(data)))
        return b"%PDF"

    def ask(certificate):
        monkeypatch.setattr(papers, "render", render)
        certificate_papers.pdf([certificate])
        monkeypatch.undo()
        return seen.pop()["certificates"][0]

    return ask


def pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


@pytest.mark.parametrize(
    ("language", "name", "expected"),
    [
        ("pl", "Łucja Żółkiewska", "ŁŻółż"),
        ("uk", "Єлизавета Їжакевич", "ЄЇжі"),
        ("be", "Францішак Скарына Ўў", "іўЎ"),
        ("ru", "Пётр Объедков", "ёъ"),
        ("ar", "فاطمة الحسن", "فاطمة"),
        ("en", "Ngô Đình", "ôĐ"),
    ],
)
def test_pdf_holds_the_letters_of_its_languages_on_one_page(make, language, name, expected):
    pdf = certificate_papers.pdf([make(language, name)])
    assert pdf.startswith(b"%PDF")
    assert pages(pdf) == 1
    assert set(expected) <= set(letters(pdf))


def test_pdf_uses_the_fonts_of_the_packages_and_no_other(make):
    fonts = set(re.findall(rb"/BaseFont\s*/(?:[A-Z]{6}\+)?([A-Za-z]+)", certificate_papers.pdf([make("ar")])))
    assert fonts
    assert all(font.startswith(b"NotoSans") for font in fonts)


def test_pdf_says_that_everybody_can_read_it(make):
    pdf = certificate_papers.pdf([make("uk")])
    assert b"pdfuaid" in pdf
    assert b"/Lang" in pdf


def test_pdf_is_the_same_twice(make):
    certificate = make("uk")
    assert certificate_papers.pdf([certificate]) == certificate_papers.pdf([certificate])


def test_pdf_with_a_letter_that_no_font_has_is_an_error_and_no_empty_box(make):
    with pytest.raises(typst.TypstError, match="could not be displayed"):
        certificate_papers.pdf([make("uk", "ნინო")])


@pytest.mark.parametrize("language", ["pl", "uk", "ar"])
def test_pdf_with_long_texts_everywhere_is_still_one_page(make, theme, language, project):
    long = "Jak rozmawiać z urzędem, szkołą i przychodnią bez stresu, a potem odpocząć i poznać sąsiadów " * 2
    project.organisation = long[:200]
    project.title_pl = long[:200]
    project.programme_pl = long[:200]
    project.save()
    trainers = [make_user(full_name=LONG_NAME[:90]) for _trainer in range(4)]
    workshop = make_course(theme, trainers=trainers, title_pl=long[:160], title_ar="ورشة طويلة جدا " * 10)
    certificate = make(
        language, (LONG_NAME * 2)[:150], workshop=workshop, test_result=100,
        drafted_by=trainers[0], issued_by=trainers[1],
    )  # fmt: skip
    assert pages(certificate_papers.pdf([certificate])) == 1


def test_pdf_of_many_is_one_file_with_a_page_for_each(make):
    assert pages(certificate_papers.pdf([make("uk"), make("ar"), make("pl")])) == 3


def test_pdf_shows_texts_and_never_runs_them(make, course):
    course.title_pl = '#panic("x") *a* $b$ \\'
    course.save(update_fields=["title_pl"])
    assert pages(certificate_papers.pdf([make("pl", '#panic("x")')])) == 1


def test_paper_is_in_polish_and_her_language_with_its_direction(make, told):
    page = told(make("ar"))
    assert [(column["language"], column["direction"]) for column in page["columns"]] == [
        ("pl", "ltr"), ("ar", "rtl"),
    ]  # fmt: skip
    assert page["columns"][0]["title"] == "Język polski A1"
    assert page["columns"][1]["title"] == "اللغة البولندية A1"


def test_paper_for_who_wants_only_polish_has_one_column(make, told):
    assert [column["language"] for column in told(make("pl"))["columns"]] == ["pl"]


def test_paper_says_what_was_attended_in_both_units(make, told):
    page = told(make("en", test_result=82, minutes=450))
    assert {fact["label"]: fact["value"] for fact in page["columns"][1]["facts"]} == {
        "Level": "A1",
        "From – to": page["columns"][1]["facts"][1]["value"],
        "Hours": "7.5 h (10 teaching hours of 45 min)",
        "Attendance": "100 %",
        "Result of the test": "82 %",
        "Trainers": "Tamar Beridze",
        "Organiser": "Fundacja Splot",
    }


def test_paper_without_a_level_and_a_test_says_nothing_of_them(make, told):
    labels = [fact["label"] for fact in told(make("en", level="", test_result=None))["columns"][1]["facts"]]
    assert "Level" not in labels
    assert "Result of the test" not in labels


def test_paper_of_a_course_says_in_both_languages_that_it_is_not_the_state_certificate(make, told):
    page = told(make("en"))
    assert any("not the state certificate" in words for words in page["columns"][1]["statements"])
    assert len(page["columns"][0]["statements"]) == len(page["columns"][1]["statements"])


def test_paper_of_another_workshop_speaks_of_no_state_certificate(make, theme, told):
    workshop = make_course(theme, kind=Workshop.Kind.WORKSHOP, level="")
    page = told(make("en", workshop=workshop, level=""))
    assert not any("state certificate" in words for words in page["columns"][1]["statements"])


def test_paper_names_project_number_and_funder(make, project, told):
    project.number, project.programme_en = "PL-1", "Active Citizens"
    project.save()
    statements = " ".join(told(make("en"))["columns"][1]["statements"])
    assert "PL\N{NON-BREAKING HYPHEN}1" in statements
    assert "Active Citizens" in statements


def test_paper_leads_to_its_page_by_code_and_in_letters(make, told, settings):
    certificate = make("uk")
    page = told(certificate)
    assert page["address"] == f"{settings.SITE_URL}/certificates/{certificate.code_in_groups}/"
    assert page["serial"] == certificate.serial
    assert page["qr"].startswith("<svg")


def test_paper_of_a_draft_says_so_and_leads_nowhere(make, told):
    page = told(make("en", state="draft"))
    assert "draft, not valid" in page["stamp"]
    assert (page["serial"], page["address"], page["qr"]) == ("", "", "")


def test_paper_of_what_is_taken_back_says_so(make, told):
    assert "taken back" in told(make("en", state="revoked"))["stamp"]


def test_paper_stays_as_it_was_issued(course, migrant, coordinator, trainer, project, told):
    draft = certificates.draft(attended(course, migrant, times=4), by=trainer)
    issued = certificates.approve_and_issue(draft, by=coordinator)
    before = told(issued)
    course.title_pl = course.title_uk = "Something else"
    course.save()
    course.trainers.clear()
    project.organisation = "Somebody else"
    project.save()
    coordinator.full_name = "Changed Name"
    coordinator.save()
    issued.refresh_from_db()
    assert told(issued) == before
    assert before["signatures"] == ["Tamar Beridze", "Anna Nowak"]


@pytest.mark.parametrize("text", ["Łąka", "Олена Ґ", "فاطمة", "Ελένη", "Ngô"])
def test_can_print_what_the_fonts_have(text):
    assert papers.can_print(text)


@pytest.mark.parametrize("text", ["ნინო", "李", "አበበ", "😀"])
def test_can_print_refuses_what_they_have_not(text):
    assert not papers.can_print(text)


@pytest.mark.parametrize("language", ["pl", "en", "uk", "be", "ru", "ar"])
def test_every_word_of_the_paper_can_be_printed(make, told, language):
    words = json.dumps(told(make(language)), ensure_ascii=False)
    with translation.override(language):
        assert papers.can_print(re.sub(r"<svg.*?</svg>", "", words))
