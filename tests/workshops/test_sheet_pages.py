"""The pages around a signature list: who may, what they show, what is put right on them."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from portal.models import ReadEntry
from tests.factories import at, make_registration, make_session, make_theme, make_user, make_workshop
from tests.workshops.scan_files import JPEG, PDF, PNG
from workshops import attendance, sheets
from workshops.models import Attendance, CheckIn, SheetRow, SignatureSheet

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(theme, trainer):
    return make_workshop(theme=theme, trainers=[trainer], sessions=[(-1, "17:00", 120)])


@pytest.fixture
def session(held):
    return held.sessions.get()


@pytest.fixture
def people(held):
    names = ["Anna Pierwsza", "Bianka Druga", "Cezaria Trzecia"]
    return [make_registration(held, make_user(full_name=name), confirmed_at=at(-10)) for name in names]


@pytest.fixture
def sheet(session, people, trainer):
    return sheets.print_sheet(session, by=trainer, language="uk")


@pytest.fixture
def desk(client, trainer):
    client.force_login(trainer)
    return client


def address(name: str, thing) -> str:
    return reverse(name, args=[getattr(thing, "public_id", thing.pk)])


def uploaded(content: bytes, name: str = "scan.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


@pytest.mark.parametrize(
    "role", ["coordinator", "administrator", "trainer", "migrant", "official", "outsider"]
)
def test_pages_are_for_who_leads_the_workshop(client, request, sheet, session, role):
    sheets.attach_scan(sheet, [PNG], by=request.getfixturevalue("trainer"))
    client.force_login(request.getfixturevalue(role))
    expected = 200 if role in ("coordinator", "administrator", "trainer") else 404
    for name, thing in (("work_sheet", sheet), ("work_sheet_pdf", sheet), ("work_sheet_scan", sheet),
                        ("work_session_paper", session)):  # fmt: skip
        answer = client.get(address(name, thing))
        assert answer.getvalue()  # read to its end, as a browser does: that closes the file
        assert answer.status_code == expected
    assert client.get(reverse("work_workshop_sheets", args=[session.workshop.slug])).status_code == expected


def test_pages_of_another_project_are_nowhere(desk, other_project, coordinator):
    foreign = make_workshop(theme=make_theme(other_project), sessions=[(-1, "17:00", 60)]).sessions.get()
    sheet = sheets.print_sheet(foreign, by=coordinator, language="pl")
    for name, thing in (("work_sheet", sheet), ("work_sheet_pdf", sheet), ("work_session_paper", foreign)):
        assert desk.get(address(name, thing)).status_code == 404
    assert desk.post(address("work_sheet", sheet), {"action": "rows", "all": "1"}).status_code == 404


def test_code_of_the_paper_leads_to_the_page(desk, sheet):
    answer = desk.get(f"/work/sheets/{sheet.public_id}/")
    assert answer.status_code == 302
    assert answer["Location"].endswith(f"/work/sheets/{sheet.public_id}/")
    assert desk.get(answer["Location"]).status_code == 200


def test_print_opens_the_paper(desk, session, people):
    answer = desk.post(
        address("work_session_paper", session),
        {"action": "print", "language": "ar", "blank_rows": "3", "with_times": "on"},
    )
    sheet = SignatureSheet.objects.get()
    assert (sheet.language, sheet.blank_rows) == ("ar", 3)
    assert answer["Location"] == f"{address('work_sheet_pdf', sheet)}?times=1"
    paper = desk.get(answer["Location"])
    assert paper["Content-Type"] == "application/pdf"
    assert paper.content.startswith(b"%PDF")


@pytest.mark.parametrize("blank_rows", ["-1", "41", "many", ""])
def test_print_of_what_cannot_be_keeps_what_was_typed(desk, session, blank_rows):
    answer = desk.post(
        address("work_session_paper", session),
        {"action": "print", "language": "ar", "blank_rows": blank_rows},
    )
    assert answer.status_code == 200
    assert answer.context["form"].errors["blank_rows"]
    assert not SignatureSheet.objects.exists()


def test_printing_and_looking_are_noted_as_readings(desk, sheet, people):
    desk.get(address("work_sheet_pdf", sheet))
    desk.get(address("work_sheet", sheet))
    assert ReadEntry.objects.filter(purpose="signatures").count() == 6


def test_scan_is_served_as_what_it_is_and_stays_nowhere(desk, sheet):
    desk.post(address("work_sheet", sheet), {"action": "scan", "scan": uploaded(JPEG, "evil.html")})
    answer = desk.get(address("work_sheet_scan", sheet))
    assert answer.getvalue().startswith(b"\xff\xd8\xff")
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    assert "evil" not in answer["Content-Disposition"]


def test_scan_as_pdf_is_a_download(desk, sheet):
    desk.post(address("work_sheet", sheet), {"action": "scan", "scan": uploaded(PDF)})
    answer = desk.get(address("work_sheet_scan", sheet))
    assert answer.getvalue() == PDF
    assert answer["Content-Disposition"].startswith("attachment")


def test_scan_of_several_photographs_is_taken(desk, sheet):
    photographs = [uploaded(PNG, "1.png"), uploaded(JPEG, "2.jpg")]
    desk.post(address("work_sheet", sheet), {"action": "scan", "scan": photographs})
    assert SignatureSheet.objects.get().scan.name.endswith(".pdf")


@pytest.mark.parametrize("content", [b"<html>", b"MZ\x90", b"%PDF-", b""])
def test_scan_of_the_wrong_kind_is_refused_beside_the_field(desk, sheet, content):
    answer = desk.post(address("work_sheet", sheet), {"action": "scan", "scan": uploaded(content)})
    assert answer.status_code == 200
    assert answer.context["forms"]["scan"].errors["scan"]
    assert not SignatureSheet.objects.get().scan


def test_scan_that_is_too_big_is_refused_beside_the_field(desk, sheet, settings):
    settings.SCAN_MEGABYTES = 1
    content = PDF + b" " * 1024 * 1024
    answer = desk.post(address("work_sheet", sheet), {"action": "scan", "scan": uploaded(content)})
    assert answer.context["forms"]["scan"].errors["scan"]


def test_scan_without_a_file_is_asked_for(desk, sheet):
    answer = desk.post(address("work_sheet", sheet), {"action": "scan"})
    assert answer.context["forms"]["scan"].errors["scan"]


def test_page_without_scan_has_none_to_open(desk, sheet):
    assert desk.get(address("work_sheet_scan", sheet)).status_code == 404


def test_boxes_are_written_down(desk, sheet, people):
    desk.post(address("work_sheet", sheet), {"action": "rows", "signed": [people[0].pk, "x", "-1"]})
    signed = SheetRow.objects.order_by("position").values_list("is_signed", flat=True)
    assert list(signed) == [True, False, False]


def test_all_have_signed_is_one_button(desk, sheet):
    desk.post(address("work_sheet", sheet), {"action": "rows", "all": "1"})
    assert SheetRow.objects.filter(is_signed=True).count() == 3


def test_person_without_a_row_is_put_on_the_list(desk, sheet, held):
    late = make_registration(held, make_user(full_name="Dana Czwarta"))
    page = desk.get(address("work_sheet", sheet))
    assert "Dana Czwarta" in page.content.decode()
    assert list(page.context["forms"]["row"].fields["registration"].queryset) == [late]
    assert ReadEntry.objects.filter(subject_id=late.user_id, purpose="signatures").count() == 1
    desk.post(address("work_sheet", sheet), {"action": "row", "registration": late.pk})
    assert sheet.rows.get(registration=late).position == 4


def test_countersign_on_the_page(desk, sheet, session, people, trainer):
    for row in people:
        attendance.mark(session, row, "present", by=trainer)
    desk.post(address("work_sheet", sheet), {"action": "rows", "all": "1"})
    desk.post(address("work_sheet", sheet), {"action": "countersign", "remark": ""})
    assert SignatureSheet.objects.get().countersigned_by == trainer
    page = desk.get(address("work_sheet", sheet)).content.decode()
    assert 'value="countersign"' not in page
    assert 'name="signed"' not in page


def test_countersign_with_differences_asks_for_a_remark_beside_the_field(desk, sheet):
    desk.post(address("work_sheet", sheet), {"action": "rows", "all": "1"})
    answer = desk.post(address("work_sheet", sheet), {"action": "countersign", "remark": ""})
    assert answer.context["forms"]["countersign"].errors["remark"]
    desk.post(address("work_sheet", sheet), {"action": "countersign", "remark": "The roll was lost."})
    assert SignatureSheet.objects.get().remark == "The roll was lost."


def test_coordinator_is_not_offered_the_trainers_word(client, coordinator, sheet):
    client.force_login(coordinator)
    assert 'value="countersign"' not in client.get(address("work_sheet", sheet)).content.decode()
    answer = client.post(address("work_sheet", sheet), {"action": "countersign"})
    assert SignatureSheet.objects.get().countersigned_at is None
    assert answer.status_code == 200


def test_difference_is_put_right_by_one_button(desk, sheet, session, people):
    CheckIn.objects.create(session=session, registration=people[0], how="own_phone")
    page = desk.get(address("work_session_paper", session))
    assert [row.registration for row in page.context["differences"]] == [people[0]]
    desk.post(address("work_session_paper", session), {"registration": people[0].pk})
    assert Attendance.objects.get().mark == "present"


def test_all_of_one_kind_are_put_right_by_one_button(desk, sheet, session, people):
    desk.post(address("work_sheet", sheet), {"action": "rows", "signed": [people[0].pk, people[1].pk]})
    page = desk.get(address("work_session_paper", session))
    assert [(group["kind"], group["number"]) for group in page.context["bulk"]] == [("signed_unmarked", 2)]
    desk.post(address("work_session_paper", session), {"kind": "signed_unmarked"})
    assert Attendance.objects.filter(mark="present").count() == 2


@pytest.mark.parametrize("data", [{}, {"registration": "x"}, {"registration": "99999"}, {"kind": "nonsense"}])
def test_nonsense_puts_nothing_right(desk, session, people, data):
    assert desk.post(address("work_session_paper", session), data).status_code == 302
    assert not Attendance.objects.exists()


@pytest.mark.parametrize("number", [3, 30])
def test_pages_take_the_same_queries_with_any_number_of_people(
    desk, held, session, trainer, number, django_assert_num_queries
):
    for _person in range(number):
        make_registration(held, confirmed_at=at(-10))
    sheet = sheets.print_sheet(session, by=trainer, language="pl")
    sheets.write_down(sheet, set(), by=trainer)
    for _meeting in range(number):
        make_session(held, days=-2 - _meeting)
    desk.get(address("work_sheet", sheet))
    with django_assert_num_queries(9):
        desk.get(address("work_sheet", sheet))
    with django_assert_num_queries(9):
        desk.get(address("work_session_paper", session))
    with django_assert_num_queries(7):
        desk.get(reverse("work_workshop_sheets", args=[held.slug]))


def test_overview_counts_the_paper_that_is_there(desk, held, sheet, trainer):
    make_session(held, days=-2)
    make_session(held, days=3)
    sheets.attach_scan(sheet, [PNG], by=trainer)
    page = desk.get(reverse("work_workshop_sheets", args=[held.slug]))
    assert page.context["sums"] == {"over": 2, "printed": 1, "scanned": 1, "countersigned": 0}
    assert len(page.context["lines"]) == 3
