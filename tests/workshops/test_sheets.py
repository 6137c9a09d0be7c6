"""Signature lists: printing, scan, what was signed, the trainer's word, what is missing."""

import contextlib
import hashlib
import io
import re
import zlib
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.utils import timezone
from PIL import ExifTags, Image

from portal.models import AuditEntry
from tests.factories import at, make_registration, make_session, make_staff, make_user, make_workshop
from tests.workshops.scan_files import JPEG, OTHER_PNG, PDF, PNG
from workshops import attendance, reconciliation, scans, schedule, sheet_paper, sheets
from workshops.models import Session, SheetRow, SignatureSheet

pytestmark = pytest.mark.django_db


def pages_of(pdf: bytes) -> int:
    """Pages of a PDF, whose objects may stand in compressed streams."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    text = pdf
    for stream in streams:
        with contextlib.suppress(zlib.error):
            text += zlib.decompress(stream)
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", text))


@pytest.fixture
def held(theme, trainer):
    return make_workshop(theme=theme, trainers=[trainer], sessions=[(-1, "17:00", 120)])


@pytest.fixture
def session(held):
    return held.sessions.get()


@pytest.fixture
def people(held):
    """Three with a place, in the order of their names."""
    names = ["Anna Pierwsza", "Bianka Druga", "Cezaria Trzecia"]
    return [
        make_registration(held, make_user(full_name=name), confirmed_at=at(-10)) for name in sorted(names)
    ]


@pytest.fixture
def sheet(session, people, trainer):
    return sheets.print_sheet(session, by=trainer, language="uk")


def actions() -> list[str]:
    return list(
        AuditEntry.objects.filter(action__startswith="sheet.").order_by("pk").values_list("action", flat=True)
    )


# --- Printing --------------------------------------------------------------------------------------------


def test_print_lists_people_in_the_order_of_their_names(sheet, people):
    assert [row.registration for row in sheet.rows.order_by("position")] == people
    assert (sheet.number, sheet.language, sheet.blank_rows) == (1, "uk", 5)
    assert actions() == ["sheet.printed"]


def test_print_again_without_changes_is_the_same_sheet(sheet, session, trainer, coordinator):
    assert sheets.print_sheet(session, by=coordinator, language="uk") == sheet
    assert actions() == ["sheet.printed"]


def test_print_with_new_people_has_a_new_number(sheet, session, held, trainer):
    make_registration(held, confirmed_at=at(-5))
    again = sheets.print_sheet(session, by=trainer, language="uk")
    assert (again.number, again.rows.count(), sheet.rows.count()) == (2, 4, 3)


@pytest.mark.parametrize("change", [{"language": "ar"}, {"language": "uk", "blank_rows": 9}])
def test_print_in_other_words_has_a_new_number(sheet, session, trainer, change):
    assert sheets.print_sheet(session, by=trainer, **change).number == 2


def test_print_after_a_move_has_a_new_number(theme, coordinator):
    session = make_workshop(theme=theme).sessions.get()
    first = sheets.print_sheet(session, by=coordinator, language="pl")
    schedule.move_session(session, start_at=at(9), end_at=at(9, "19:00"), by=coordinator)
    assert sheets.print_sheet(session, by=coordinator, language="pl").number == first.number + 1


def test_print_leaves_out_who_gave_the_place_back_or_got_it_later(held, session, trainer):
    make_registration(held, state="withdrawn", confirmed_at=at(-10))
    make_registration(held, state="requested")
    make_registration(held, confirmed_at=timezone.now())
    assert not sheets.print_sheet(session, by=trainer, language="pl").rows.exists()


def test_print_is_refused_for_an_open_event(theme, trainer):
    session = make_workshop(theme=theme, signup_mode="open").sessions.get()
    with pytest.raises(sheets.NobodyRegisters):
        sheets.print_sheet(session, by=trainer, language="pl")


def test_print_is_refused_for_a_cancelled_session(session, trainer):
    Session.objects.update(state="cancelled")
    with pytest.raises(sheets.NotHeld):
        sheets.print_sheet(session, by=trainer, language="pl")


def test_language_is_the_one_most_people_read(held):
    assert sheets.language_for(held) == "pl"
    for language in ("pl", "pl", "pl", "ar", "uk", "uk"):
        make_registration(held, make_user(language=language), confirmed_at=at(-10))
    assert sheets.language_for(held) == "uk"


# --- The paper -------------------------------------------------------------------------------------------


def test_paper_says_what_a_funder_looks_for(held, session, people, trainer, project):
    type(project).objects.update(
        number="PL-431", programme="Fundusz", grant_eur=69419, title_pl="Projekt wspólny"
    )
    type(held).objects.update(title_uk="Курс", level="A1")
    Session.objects.update(topic_pl="U lekarza", topic_uk="У лікаря", break_minutes=30)
    sheet = sheets.print_sheet(Session.objects.get(), by=trainer, language="uk")
    data = sheet_paper.data_of(SignatureSheet.objects.get(pk=sheet.pk))
    text = str(data)
    for expected in ("PL-431", "Fundusz", "69", "Projekt wspólny", "Fundacja Splot", "U lekarza", "Курс"):
        assert expected in text
    for expected in ("У лікаря", "A1", "17:00–19:00", "Tamar Beridze", "ul. Cicha 1", "1,5", "Anna Pierwsza"):
        assert expected in text
    assert data["rows"] == [row.user.full_name for row in people]
    assert (data["number"], data["blank_rows"]) == ("1", 5)
    assert data["address"].endswith(f"/work/sheets/{sheet.public_id}/")


def test_paper_has_names_and_nothing_else_of_people(held, session, trainer):
    user = make_user(full_name="Olena Kowal", call_me="Lena", phone="+48500100200", name_original="Олена")
    make_registration(held, user, confirmed_at=at(-10), note="I need a lift")
    text = str(sheet_paper.data_of(sheets.print_sheet(session, by=trainer, language="uk")))
    assert "Olena Kowal" in text
    for secret in (user.email, user.phone, "Олена", "lift", str(user.public_id)):
        assert secret not in text


@pytest.mark.parametrize("language", ["pl", "en", "uk", "be", "ru", "ar"])
def test_paper_is_set_in_every_language(session, people, trainer, language):
    sheet = sheets.print_sheet(session, by=trainer, language=language)
    data = sheet_paper.data_of(sheet)
    assert len(data["title"]) == (1 if language == "pl" else 2)
    assert data["languages"][-1]["direction"] == ("rtl" if language == "ar" else "ltr")
    assert sheet_paper.pdf(sheet, with_times=True).startswith(b"%PDF")


@pytest.mark.parametrize(("people_count", "pages"), [(1, 1), (40, 3)])
def test_paper_has_as_many_pages_as_people_need(held, session, trainer, people_count, pages):
    for number in range(people_count):
        make_registration(held, make_user(full_name=f"Osoba {number:02}"), confirmed_at=at(-10))
    pdf = sheet_paper.pdf(sheets.print_sheet(session, by=trainer, language="ar"))
    assert pages_of(pdf) == pages


def test_paper_of_an_online_meeting_does_not_carry_the_link(theme, trainer):
    workshop = make_workshop(theme=theme, format="online", online_link="https://meet.example/secret")
    sheet = sheets.print_sheet(workshop.sessions.get(), by=trainer, language="pl")
    assert "secret" not in str(sheet_paper.data_of(sheet))


# --- The scan --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "kind", "begins"),
    [(PDF, "pdf", PDF), (JPEG, "jpg", b"\xff\xd8\xff"), (PNG, "jpg", b"\xff\xd8\xff")],
)
def test_scan_is_kept_under_a_random_name(sheet, trainer, files, content, kind, begins):
    sheet = sheets.attach_scan(sheet, [content], by=trainer)
    assert re.fullmatch(rf"sheets/\d{{4}}/[0-9a-f]{{32}}\.{kind}", sheet.scan.name)
    kept = (files / sheet.scan.name).read_bytes()
    assert kept.startswith(begins)
    assert sheet.scan_sha256 == hashlib.sha256(kept).hexdigest()


def test_scan_forgets_where_a_photograph_was_taken_and_stands_upright(sheet, trainer, files):
    taken = Image.Exif()
    taken[ExifTags.Base.Orientation] = 6
    taken[ExifTags.Base.Model] = "Telefon Oleny"
    taken.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (53.0, 0.0, 36.0)
    photograph = io.BytesIO()
    Image.new("RGB", (40, 20), "white").save(photograph, "JPEG", exif=taken)
    sheet = sheets.attach_scan(sheet, [photograph.getvalue()], by=trainer)
    with Image.open(files / sheet.scan.name) as kept:
        assert kept.size == (20, 40)
        assert not kept.getexif()
    assert b"Telefon" not in (files / sheet.scan.name).read_bytes()


def test_scan_of_several_photographs_is_one_pdf(sheet, trainer):
    sheet = sheets.attach_scan(sheet, [PNG, JPEG], by=trainer)
    content = Path(sheet.scan.path).read_bytes()
    assert content.startswith(b"%PDF")
    assert pages_of(content) == 2


@pytest.mark.parametrize(
    ("contents", "refusal"),
    [
        ([], scans.NoScan),
        ([b""], scans.NoScan),
        ([b"<script>alert(1)</script>"], scans.NotAScan),
        ([b"GIF89a"], scans.NotAScan),
        ([b"%PDF-1.7 and nothing more"], scans.NotAScan),
        ([b"\xff\xd8\xff and then no picture at all"], scans.NotAScan),
        ([PNG[:40]], scans.NotAScan),
        ([PDF, PNG], scans.TooManyFiles),
        ([PDF + b" " * 10 * 1024 * 1024], scans.ScanTooBig),
    ],
)
def test_scan_that_is_none_is_refused(sheet, trainer, files, contents, refusal):
    with pytest.raises(refusal):
        sheets.attach_scan(sheet, contents, by=trainer)
    assert not [path for path in files.rglob("*") if path.is_file()]


def test_scan_attached_twice_is_one(sheet, trainer, files):
    for _twice in range(2):
        sheets.attach_scan(sheet, [PNG], by=trainer)
    assert actions() == ["sheet.printed", "sheet.scanned"]
    assert len(list(files.rglob("*.jpg"))) == 1


def test_scan_replaced_leaves_its_trace(sheet, trainer, files, django_capture_on_commit_callbacks):
    first = sheets.attach_scan(sheet, [PNG], by=trainer).scan_sha256
    with django_capture_on_commit_callbacks(execute=True):
        second = sheets.attach_scan(sheet, [OTHER_PNG], by=trainer).scan_sha256
    kept = [hashlib.sha256(path.read_bytes()).hexdigest() for path in files.rglob("*.jpg")]
    assert kept == [second]
    trace = AuditEntry.objects.filter(action="sheet.scanned").order_by("pk").last().data
    assert (trace["old"], trace["new"]) == (first, second)
    assert first != second


def test_scan_before_the_meeting_is_refused(workshop, trainer):
    sheet = sheets.print_sheet(workshop.sessions.get(), by=trainer, language="pl")
    with pytest.raises(sheets.NotYet):
        sheets.attach_scan(sheet, [PNG], by=trainer)


# --- What was signed -------------------------------------------------------------------------------------


def test_write_down_says_of_everybody_whether_she_signed(sheet, people, trainer):
    assert sheets.write_down(sheet, {people[0].pk, people[2].pk}, by=trainer) == 2
    assert list(sheet.rows.order_by("position").values_list("is_signed", flat=True)) == [True, False, True]


def test_write_down_twice_is_once(sheet, people, trainer):
    for _twice in range(2):
        sheets.write_down(sheet, {people[0].pk}, by=trainer)
    assert actions() == ["sheet.printed", "sheet.written_down"]


def test_write_down_takes_no_notice_of_people_of_other_lists(sheet, people, trainer):
    assert sheets.write_down(sheet, {make_registration(make_workshop()).pk}, by=trainer) == 0
    assert SheetRow.objects.count() == 3


def test_write_down_before_the_meeting_is_refused(workshop, trainer):
    sheet = sheets.print_sheet(workshop.sessions.get(), by=trainer, language="pl")
    with pytest.raises(sheets.NotYet):
        sheets.write_down(sheet, set(), by=trainer)


def test_walk_in_gets_an_empty_row(sheet, held, trainer):
    walk_in = make_registration(held, is_walk_in=True)
    row = sheets.add_row(sheet, walk_in, by=trainer)
    assert (row.position, row.is_signed) == (4, True)
    assert sheets.add_row(sheet, walk_in, by=trainer) == row
    assert sheet.rows.count() == 4


def test_walk_in_finds_no_row_where_none_is_empty(held, session, people, trainer):
    sheet = sheets.print_sheet(session, by=trainer, language="pl", blank_rows=1)
    sheets.add_row(sheet, make_registration(held), by=trainer)
    with pytest.raises(sheets.NoEmptyRow):
        sheets.add_row(sheet, make_registration(held), by=trainer)


@pytest.mark.parametrize("fields", [{"state": "requested"}, {"state": "waitlisted"}])
def test_row_is_refused_for_who_never_had_a_place(sheet, held, trainer, fields):
    with pytest.raises(sheets.NotInTheWorkshop):
        sheets.add_row(sheet, make_registration(held, **fields), by=trainer)


def test_row_is_refused_for_people_of_another_workshop(sheet, trainer):
    with pytest.raises(sheets.NotInTheWorkshop):
        sheets.add_row(sheet, make_registration(make_workshop()), by=trainer)


# --- The trainer's word ----------------------------------------------------------------------------------


@pytest.fixture
def right(sheet, session, people, trainer):
    """Paper and roll agree: two came, one did not."""
    for row, mark in zip(people, ("present", "late", "absent"), strict=True):
        attendance.mark(session, row, mark, by=trainer)
    sheets.write_down(sheet, {people[0].pk, people[1].pk}, by=trainer)
    return sheet


def test_countersign_locks_the_sheet(right, people, trainer, session):
    sheet = sheets.countersign(right, by=trainer)
    assert (sheet.countersigned_by, sheet.remark) == (trainer, "")
    assert not sheets.changed_since(sheet)
    for change in (
        lambda: sheets.write_down(sheet, set(), by=trainer),
        lambda: sheets.add_row(sheet, make_registration(session.workshop), by=trainer),
    ):
        with pytest.raises(sheets.IsCountersigned):
            change()
    assert sheets.print_sheet(session, by=trainer, language="uk").number == 2


def test_countersigned_sheet_takes_its_scan_once(right, trainer):
    sheet = sheets.countersign(right, by=trainer)
    sheets.attach_scan(sheet, [PNG], by=trainer)
    with pytest.raises(sheets.IsCountersigned):
        sheets.attach_scan(sheet, [OTHER_PNG], by=trainer)


def test_countersign_twice_is_once(right, trainer):
    first = sheets.countersign(right, by=trainer)
    assert sheets.countersign(right, by=trainer, remark="again").remark == ""
    assert SignatureSheet.objects.get().countersigned_at == first.countersigned_at
    assert actions().count("sheet.countersigned") == 1


def test_countersign_with_open_differences_needs_a_remark(right, people, session, trainer):
    attendance.mark(session, people[2], "present", by=trainer)
    with pytest.raises(sheets.DifferencesAreOpen):
        sheets.countersign(right, by=trainer, remark="  ")
    assert sheets.countersign(right, by=trainer, remark="She left before signing.").remark


def test_countersign_is_refused_before_anybody_looked_at_the_paper(sheet, trainer):
    with pytest.raises(sheets.NotLookedAt):
        sheets.countersign(sheet, by=trainer)


def test_countersign_is_refused_while_the_meeting_goes_on(right, trainer):
    with (
        time_machine.travel(right.session.end_at - timedelta(minutes=1), tick=False),
        pytest.raises(sheets.NotOver),
    ):
        sheets.countersign(right, by=trainer)


def test_countersign_is_the_trainers(right, coordinator):
    with pytest.raises(sheets.OnlyTheTrainer):
        sheets.countersign(right, by=coordinator)


def test_countersign_falls_to_the_planner_where_nobody_leads(right, held, coordinator):
    held.trainers.clear()
    assert sheets.countersign(right, by=coordinator).countersigned_by == coordinator


def test_change_after_the_countersignature_shows(right, people, session, trainer, project):
    sheet = sheets.countersign(right, by=trainer)
    attendance.mark(session, people[2], "excused", by=make_staff(project), reason="A letter came")
    assert sheets.changed_since(sheet)


# --- What is missing -------------------------------------------------------------------------------------


def test_lacking_are_meetings_held_without_all_of_their_paper(held, session, right, trainer, people):
    def missing():
        return list(sheets.lacking(Session.objects.all()))

    not_held = make_session(held, days=-3)
    coming = make_session(held, days=3)
    assert missing() == [session]
    sheets.attach_scan(right, [PNG], by=trainer)
    assert missing() == [session]
    sheets.countersign(right, by=trainer)
    assert missing() == []
    attendance.mark(not_held, people[0], "present", by=trainer)
    assert missing() == [not_held]
    assert coming not in missing()


def test_lacking_asks_nobody_who_keeps_no_paper(theme, trainer):
    workshop = make_workshop(theme=theme, sessions=[(-1, "17:00", 60)])
    attendance.mark(
        workshop.sessions.get(), make_registration(workshop, confirmed_at=at(-5)), "present", by=trainer
    )
    assert not sheets.lacking(Session.objects.all()).exists()


def test_with_paper_takes_one_query(held, session, right, django_assert_num_queries):
    with django_assert_num_queries(1):
        [row] = sheets.with_paper(sheets.over(Session.objects.all()))
    assert (row.has_sheet, row.has_scan, row.is_countersigned, row.is_held) == (True, False, False, True)


def test_differences_know_the_sheet(right, session):
    assert reconciliation.differences(session) == []
