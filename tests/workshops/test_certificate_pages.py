"""Pages of certificates: the person's own, the one on which anybody checks a code, the workplace."""

import html
import re

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import translation

from portal.models import ReadEntry
from tests.factories import make_staff, make_theme, make_user
from tests.workshops.certificate_scene import attended, make_certificate, make_course
from workshops import certificate_drafts, certificate_views, certificates
from workshops.models import Attendance, Certificate

pytestmark = pytest.mark.django_db
State = Certificate.State


@pytest.fixture
def course(theme, trainer):
    return make_course(theme, trainers=[trainer])


@pytest.fixture
def row(course, migrant):
    return attended(course, migrant, times=4)


@pytest.fixture
def second(project):
    return make_staff(project, user=make_user(full_name="Ewa Druga", email="second@example.org"))


@pytest.fixture
def drafted(row, trainer):
    return certificates.draft(row, by=trainer)


@pytest.fixture
def issued(drafted, coordinator):
    return certificates.approve_and_issue(drafted, by=coordinator)


@pytest.fixture
def desk(client, coordinator):
    client.force_login(coordinator)
    return client


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def text(response) -> str:
    return response.content.decode()


def answer(response) -> str:
    """What the page says about a certificate: the words a person reads, and no more."""
    found = re.search(r'<section[^>]*id="answer">(.*?)</section>', text(response), re.DOTALL).group(1)
    words = html.unescape(re.sub(r"<svg.*?</svg>|<[^>]+>", " ", found, flags=re.DOTALL))
    return " ".join(words.split())


# --- Anybody checks a code -------------------------------------------------------------------------------

VALID = (
    "valid This certificate is valid Our network issued it. The initials of the person are: O. K. "
    "Please compare them with the name on the paper."
)
REVOKED = (
    "not valid This certificate is no longer valid It was taken back, or the person has a newer one. "
    "The initials of the person are: O. K."
)
UNKNOWN = (
    "unknown We do not know this code Maybe a letter is wrong. "
    "Please look at the paper and type the code once more."
)


def test_check_of_a_valid_one_says_so_and_initials_and_nothing_else(client, issued):
    page = client.get(reverse("certificate", args=[issued.code_in_groups]))
    assert page.status_code == 200
    assert answer(page) == VALID
    for secret in (
        "Kowalenko",
        "Polish A1",
        "polski A1",
        issued.serial,
        "2026-",
        "Tamar",
        "Nowak",
        "Splot/2",
    ):
        assert secret not in text(page)


def test_check_of_a_revoked_one_says_so_and_not_why(client, issued, coordinator):
    certificates.revoke(issued, by=coordinator, reason="She cheated")
    page = client.get(reverse("certificate", args=[issued.code]))
    assert page.status_code == 200
    assert answer(page) == REVOKED
    assert "cheated" not in text(page)


def test_check_of_a_replaced_one_does_not_lead_to_the_new_one(client, issued, coordinator, second):
    new = certificates.approve_and_issue(certificates.reissue(issued, by=coordinator), by=second)
    page = client.get(reverse("certificate", args=[issued.code]))
    assert answer(page) == REVOKED
    assert new.code not in text(page)


@pytest.mark.parametrize("code", ["23456789ABCDEFGHJKLM", "x", "0O1I", "ж", "'--", "%00", "2" * 300])
def test_check_of_what_is_unknown_or_malformed_is_one_and_the_same(client, code):
    page = client.get(reverse("certificate", args=[code]))
    assert page.status_code == 200
    assert answer(page) == UNKNOWN


def test_check_of_a_draft_is_unknown(client, drafted):
    assert answer(client.get(reverse("certificate", args=[drafted.code]))) == UNKNOWN


def test_check_is_in_no_index_and_in_no_cache(client, issued):
    for page in (
        client.get(reverse("certificate", args=[issued.code])),
        client.get(reverse("certificate_check")),
    ):
        assert page["X-Robots-Tag"] == "noindex, nofollow"
        assert '<meta name="robots" content="noindex, nofollow">' in text(page)
        assert "no-store" in page["Cache-Control"]


def test_check_without_a_language_leads_to_the_readers(client, issued):
    page = client.get(f"/certificates/{issued.code_in_groups}/", headers={"accept-language": "uk"})
    assert page.status_code == 302
    assert page["Location"] == f"/uk/certificates/{issued.code_in_groups}/"


@pytest.mark.parametrize("language", ["pl", "en", "uk", "be", "ru", "ar"])
def test_check_answers_in_every_language(client, issued, language):
    with translation.override(language):
        page = client.get(reverse("certificate", args=[issued.code]))
    assert f'lang="{language}"' in text(page)
    assert "O. K." in answer(page)


def test_check_by_hand_leads_to_the_answer_and_keeps_no_code_in_a_query(client, issued):
    page = client.post(reverse("certificate_check"), {"code": f" {issued.code_in_groups.lower()} "})
    assert page["Location"] == reverse("certificate", args=[issued.code])


@pytest.mark.parametrize("typed", ["", "   ", "—", "01"])
def test_check_by_hand_of_nothing_says_so_at_the_field(client, typed):
    page = client.post(reverse("certificate_check"), {"code": typed})
    assert page.status_code == 200
    assert page.context["form"].errors["code"]


def test_check_is_slowed_down_for_who_tries_many(client, issued, monkeypatch):
    cache.clear()
    monkeypatch.setattr(certificate_views, "CHECKS_A_MINUTE", 3)
    address = reverse("certificate", args=[issued.code])
    codes = [client.get(address).status_code for _try in range(8)]
    assert codes[:3] == [200, 200, 200]
    assert codes[-1] == 429
    assert client.post(reverse("certificate_check"), {"code": issued.code}).status_code == 429


# --- Her own ---------------------------------------------------------------------------------------------


def test_my_certificates_show_hers_once_issued(client, issued, migrant, other_migrant):
    client.force_login(migrant)
    page = text(client.get(reverse("my_certificates")))
    assert issued.serial in page
    assert "Polish A1" in page
    client.force_login(other_migrant)
    assert issued.serial not in text(client.get(reverse("my_certificates")))


def test_my_certificates_show_no_draft(client, drafted, migrant):
    client.force_login(migrant)
    page = client.get(reverse("my_certificates"))
    assert page.context["rows"] == []


def test_my_certificates_are_linked_from_my_page(client, migrant):
    client.force_login(migrant)
    assert reverse("my_certificates") in text(client.get(reverse("my_page")))


def test_my_certificate_is_a_pdf_that_no_cache_keeps(client, issued, migrant):
    client.force_login(migrant)
    page = client.get(reverse("my_certificate_pdf", args=[issued.public_id]))
    assert page["Content-Type"] == "application/pdf"
    assert page.content.startswith(b"%PDF")
    assert page["Cache-Control"] == "no-store, private"
    assert "SPLOT-" in page["Content-Disposition"]
    assert "Kowalenko" not in page["Content-Disposition"]


@pytest.mark.parametrize("who", ["other_migrant", "outsider", "trainer", "coordinator"])
def test_my_certificate_of_somebody_else_is_nowhere(client, request, issued, who):
    client.force_login(request.getfixturevalue(who))
    assert client.get(reverse("my_certificate_pdf", args=[issued.public_id])).status_code == 404
    assert client.post(reverse("my_certificate_again", args=[issued.public_id])).status_code == 404


def test_my_certificate_that_was_taken_back_cannot_be_opened(client, issued, migrant, coordinator):
    certificates.revoke(issued, by=coordinator, reason="Wrong hours")
    client.force_login(migrant)
    assert client.get(reverse("my_certificate_pdf", args=[issued.public_id])).status_code == 404
    assert "Wrong hours" in text(client.get(reverse("my_certificates")))


def test_my_certificate_of_a_child_opens_for_its_guardian(client, course, migrant, trainer, coordinator):
    child = make_user(full_name="Danylo Kowalenko", email=None, guardian=migrant)
    draft = certificates.draft(attended(course, child, times=4), by=trainer)
    row = certificates.approve_and_issue(draft, by=coordinator)
    client.force_login(migrant)
    assert client.get(reverse("my_certificate_pdf", args=[row.public_id])).status_code == 200


def test_my_name_is_chosen_and_then_a_new_print_asked_for(client, issued, migrant):
    client.force_login(migrant)
    page = client.get(reverse("my_certificates"))
    assert page.context["form"].initial == {"printed_name": "Olena Kowalenko", "language": "uk"}
    assert reverse("my_certificate_again", args=[issued.public_id]) not in text(page)
    answered = client.post(reverse("my_certificates"), {"printed_name": "Олена Коваленко", "language": "ar"})
    assert answered.status_code == 302
    assert reverse("my_certificate_again", args=[issued.public_id]) in text(
        client.get(reverse("my_certificates"))
    )
    client.post(reverse("my_certificate_again", args=[issued.public_id]))
    issued.refresh_from_db()
    assert issued.reissue_asked_at
    page = text(client.get(reverse("my_certificates")))
    assert reverse("my_certificate_again", args=[issued.public_id]) not in page


@pytest.mark.parametrize("typed", [{"printed_name": ""}, {"printed_name": "ნინო"}, {"language": "xx"}])
def test_my_name_that_is_wrong_is_told_at_the_field_and_not_lost(client, migrant, typed):
    client.force_login(migrant)
    page = client.post(reverse("my_certificates"), {"printed_name": "Olena", "language": "uk"} | typed)
    assert page.status_code == 200
    assert list(page.context["form"].errors) == list(typed)
    assert page.context["form"]["printed_name"].value() == typed.get("printed_name", "Olena")


@pytest.mark.parametrize("number", [3, 30])
def test_my_certificates_take_the_same_number_of_queries(
    client, theme, migrant, number, django_assert_num_queries
):
    for _course in range(number):
        make_certificate(attended(make_course(theme, meetings=1), migrant, times=1), state="issued")
    client.force_login(migrant)
    client.get(reverse("my_certificates"))
    with django_assert_num_queries(5):
        client.get(reverse("my_certificates"))


# --- The workplace ---------------------------------------------------------------------------------------


def test_page_says_who_has_it_and_who_lacks_how_much(desk, course, migrant):
    attended(course, migrant, times=4)
    attended(course, make_user(full_name="Za Mało"), times=2)
    page = desk.get(reverse("work_certificates", args=[course.slug]))
    lines = {line["row"].user.full_name: line for line in page.context["without"]}
    assert lines["Olena Kowalenko"]["is_ready"]
    assert lines["Za Mało"]["lacking"] == 120
    assert lines["Za Mało"]["can_be_exception"]
    assert "2 h too little" in text(page)


def test_page_of_a_workshop_that_gives_none_shows_how_to_switch_it_on(desk, theme):
    course = make_course(theme, gives_certificate=False)
    page = text(desk.get(reverse("work_certificates", args=[course.slug])))
    assert reverse("work_workshop_edit", args=[course.slug]) in page
    assert reverse("work_certificates_draft", args=[course.slug]) not in page


def test_page_notes_whose_records_were_read(desk, course, row, coordinator):
    desk.get(reverse("work_certificates", args=[course.slug]))
    assert ReadEntry.objects.filter(
        subject_id=row.user_id, actor_id=coordinator.pk, what="certificate"
    ).exists()


@pytest.mark.parametrize("name", ["work_certificate_revoke", "work_certificate_reissue"])
def test_pages_about_one_note_whose_record_was_read(desk, issued, row, name):
    seen = ReadEntry.objects.filter(subject_id=row.user_id, what="certificate")
    before = seen.count()
    assert desk.get(reverse(name, args=[issued.public_id])).status_code == 200
    assert seen.count() == before + 1


def test_page_shows_hours_that_were_changed_since_and_who_asks_anew(desk, course, row, issued, migrant):
    address = reverse("work_certificates", args=[course.slug])
    assert "hours changed since" not in text(desk.get(address))
    Attendance.objects.filter(registration=row).update(mark="late", minutes=110)
    certificates.choose_name(migrant, printed_name="Олена К.", language="uk", by=migrant)
    certificates.ask_reissue(issued, by=migrant)
    page = text(desk.get(address))
    assert "hours changed since" in page
    assert "asks for a new print" in page
    assert "Олена К." in page


def test_drafts_are_written_by_the_trainer_and_issued_by_the_coordinator(
    client, course, row, trainer, coordinator
):
    client.force_login(trainer)
    client.post(reverse("work_certificates_draft", args=[course.slug]))
    draft = Certificate.objects.get()
    page = text(client.get(reverse("work_certificates", args=[course.slug])))
    assert reverse("work_certificates_issue", args=[course.slug]) not in page
    assert client.post(reverse("work_certificate_issue", args=[draft.public_id])).status_code == 404
    client.force_login(coordinator)
    page = client.get(reverse("work_certificates", args=[course.slug]))
    seen = re.findall(r'name="seen" value="([^"]+)"', text(page))
    client.post(reverse("work_certificates_issue", args=[course.slug]), {"seen": seen})
    draft.refresh_from_db()
    assert (draft.state, draft.issued_by) == (State.ISSUED, coordinator)


def test_own_draft_shows_no_way_to_issue_it(desk, course, row, coordinator):
    draft = certificates.draft(row, by=coordinator)
    page = text(desk.get(reverse("work_certificate", args=[draft.public_id])))
    assert reverse("work_certificate_issue", args=[draft.public_id]) not in page
    answered = desk.post(reverse("work_certificate_issue", args=[draft.public_id]), follow=True)
    assert "signed by two people" in text(answered)


def test_draft_changed_meanwhile_is_not_issued(desk, drafted, trainer):
    seen = drafted.fingerprint
    certificates.correct_draft(drafted, by=trainer, printed_name="Other", language="uk", level="A2")
    desk.post(reverse("work_certificate_issue", args=[drafted.public_id]), {"seen": seen})
    drafted.refresh_from_db()
    assert drafted.is_draft


def test_draft_is_corrected_and_a_wrong_name_told_at_the_field(desk, drafted):
    address = reverse("work_certificate", args=[drafted.public_id])
    facts = {"printed_name": "ნინო", "language": "uk", "level": "A2", "test_result": "81"}
    page = desk.post(address, facts)
    assert page.status_code == 200
    assert list(page.context["form"].errors) == ["printed_name"]
    assert page.context["form"]["test_result"].value() == "81"
    assert desk.post(address, facts | {"printed_name": "Nino"}).status_code == 302
    drafted.refresh_from_db()
    assert (drafted.printed_name, drafted.level, drafted.test_result) == ("Nino", "A2", 81)


def test_draft_can_be_seen_as_a_paper_and_thrown_away(desk, drafted):
    paper = desk.get(reverse("work_certificate_pdf", args=[drafted.public_id]))
    assert paper.content.startswith(b"%PDF")
    desk.post(reverse("work_certificate_throw_away", args=[drafted.public_id]))
    assert not Certificate.objects.exists()


def test_exception_needs_a_reason_and_keeps_it(desk, course, migrant):
    row = attended(course, migrant, times=1)
    address = reverse("work_certificate_new", args=[row.public_id])
    assert desk.post(address, {"override_reason": ""}).context["form"].errors
    desk.post(address, {"override_reason": "She gave birth"})
    assert Certificate.objects.get().override_reason == "She gave birth"
    assert "She gave birth" in text(desk.get(reverse("work_certificates", args=[course.slug])))


def test_certificate_is_taken_back_with_a_reason(desk, issued):
    address = reverse("work_certificate_revoke", args=[issued.public_id])
    assert desk.post(address, {"reason": ""}).context["form"].errors
    assert desk.post(address, {"reason": "Wrong person"}).status_code == 302
    issued.refresh_from_db()
    assert issued.state == State.REVOKED


def test_certificate_is_issued_anew(desk, issued, coordinator):
    address = reverse("work_certificate_reissue", args=[issued.public_id])
    assert issued.serial in text(desk.get(address))
    answered = desk.post(address)
    new = Certificate.objects.get(replaces=issued)
    assert answered["Location"] == reverse("work_certificate", args=[new.public_id])
    assert new.drafted_by == coordinator


def test_all_issued_are_one_pdf(desk, course, issued):
    address = reverse("work_certificates_pdf", args=[course.slug])
    page = desk.get(address)
    assert page.content.startswith(b"%PDF")
    assert page["Cache-Control"] == "no-store, private"
    Certificate.objects.update(state=State.REVOKED, revoked_at=issued.issued_at)
    assert desk.get(address).status_code == 404


@pytest.mark.parametrize(
    "name",
    [
        "work_certificate", "work_certificate_pdf", "work_certificate_issue", "work_certificate_revoke",
        "work_certificate_reissue", "work_certificate_throw_away",
    ],
)  # fmt: skip
def test_certificate_of_another_project_is_nowhere(desk, other_project, name):
    foreign = make_certificate(attended(make_course(make_theme(other_project)), times=4), state="issued")
    address = reverse(name, args=[foreign.public_id])
    assert {desk.get(address).status_code, desk.post(address).status_code} <= {404, 405}


@pytest.mark.parametrize("number", [3, 30])
def test_page_takes_the_same_number_of_queries(desk, course, number, django_assert_num_queries):
    for person in range(number):
        row = attended(course, times=4)
        if person % 3:
            state = "issued" if person % 3 == 1 else "draft"
            make_certificate(row, state=state, code=certificate_drafts.new_code())
    address = reverse("work_certificates", args=[course.slug])
    desk.get(address)
    with django_assert_num_queries(10):
        desk.get(address)


def test_trail_says_in_words_what_was_done_to_certificates_and_whose(desk, course, issued, coordinator):
    certificates.throw_away(certificates.reissue(issued, by=coordinator), by=coordinator)
    page = desk.get(reverse("work_trail", args=[course.slug]))
    told = [(line["words"], line["person"]) for line in page.context["lines"]]
    assert told == [
        ("threw the draft of a certificate away", issued.registration.user),
        ("issued a certificate", issued.registration.user),
        ("wrote the draft of a certificate", issued.registration.user),
    ]
