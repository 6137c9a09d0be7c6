"""The official's journey and the assistant's, each on a phone of her own, in Polish and in Ukrainian: from a
request to hours that both sides know of, by the code and without it.
"""

import re
from datetime import datetime, timedelta

import pytest
import time_machine
from django.conf import settings
from django.core import mail
from django.utils import translation
from django.utils.translation import gettext, pgettext
from playwright.sync_api import expect

from institutions.models import Assignment, AssistanceRequest, Attempt, Feedback, HoursSheet, Offer
from institutions.tasks import move_requests_on
from participants.models import LanguageSkill
from portal import messages
from portal.clock import WARSAW
from projects.models import LedgerEntry
from tests import factories
from tests.browser import press

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

State = AssistanceRequest.State
#: A Monday morning, and the Friday of the same week. The month ends on the Monday after it.
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=WARSAW)
MEETING = datetime(2026, 11, 27, 10, 0, tzinfo=WARSAW)
DECEMBER = datetime(2026, 12, 1, 9, 0, tzinfo=WARSAW)
VARIETY = "Bojkowski"
PESEL = "44051401359"
#: What nobody may read who has not agreed yet. The phone in both ways in which it is written.
CONTACT, BRIEFING = "Pani Maria z pokoju 2.14", "Formularz o dodatku, dużo trudnych słów"
SECRETS = ("Starostwo Próbne", "Referat Prób", "ul. Cicha 7", CONTACT, BRIEFING, "223344", "22 33 44")
CASE = "SPR-2026-88"


class Phone:
    """Somebody with a phone: reads her own language and her mail, and no page is wider than her screen."""

    def __init__(self, page, user, *, axe=None):
        self.page, self.user, self.axe = page, user, axe
        self.main = page.locator("main")

    def words(self, text: str, context: str = "") -> str:
        """As she reads it. What was never translated would be found in English too."""
        with translation.override(self.user.language):
            said = pgettext(context, text) if context else gettext(text)
        assert said != text, f"not in {self.user.language}: {text}"
        return said

    def look(self, *, closely: bool = False) -> None:
        page = self.page
        assert page.locator("html").get_attribute("lang") == self.user.language, page.url
        assert page.locator("h1").count() == 1, page.url
        width = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert width <= 0, f"{page.url} runs over by {width} px"
        if closely:
            self.axe(page)

    def open(self, address: str) -> None:
        self.page.goto(address)
        self.look()

    def press(self, text: str, context: str = "", *, role: str = "button") -> None:
        press(self.main.get_by_role(role, name=self.words(text, context), exact=True))
        self.look()

    def follow(self, text: str, context: str = "") -> None:
        self.press(text, context, role="link")

    def reads(self, text: str, context: str = "") -> None:
        expect(self.main.get_by_text(self.words(text, context)).first).to_be_visible()

    def fill(self, **fields: str) -> None:
        for name, value in fields.items():
            self.page.locator(f"[name={name}]").fill(value)

    def choose(self, **fields: str) -> None:
        for name, value in fields.items():
            self.page.locator(f"select[name={name}]").select_option(value)

    def tick(self, **fields: str) -> None:
        for name, value in fields.items():
            self.page.locator(f"[name={name}][value='{value}']").check()

    def unfold(self, name: str) -> None:
        """Open the fold in which a field lies."""
        self.page.locator(f"[name={name}]").first.locator("xpath=ancestor::details[1]/summary").click()

    def mail(self) -> str:
        """Her newest mail, as it goes out."""
        messages.deliver_due()
        return next(letter for letter in reversed(mail.outbox) if letter.to == [self.user.email]).body

    def sign_in(self) -> None:
        """By a code from her mail, on the page where she is asked for it."""
        self.fill(login=self.user.email)
        press(self.main.locator(".form button").first)
        self.look()
        self.fill(code=re.search(r"^\d{6}$", self.mail(), re.MULTILINE)[0])
        press(self.main.locator(".form button").first)
        self.look()

    def open_mail(self) -> str:
        """Tap the one link of her newest mail. Returns what it said."""
        text = self.mail()
        (address,) = re.findall(rf"{re.escape(settings.SITE_URL)}(/\S+)", text)
        self.open(address)
        return text


@pytest.fixture
def clock():
    """The pages, the mails and the tasks of this process live in that week; the browser lives today."""
    with time_machine.travel(MONDAY) as traveller:
        yield traveller


@pytest.fixture
def place(clock, institution):
    institution.name_pl = institution.name_en = "Starostwo Próbne"
    institution.save()
    unit = institution.units.get()
    unit.name_pl = unit.name_en = "Referat Prób"
    unit.address = "ul. Cicha 7"
    unit.save()
    return institution


@pytest.fixture
def on_phones(place, project, official, assistant, open_browser, axe):
    """Both of them, each with her language; and another assistant, who does not speak the variety."""
    factories.make_assistant(project, factories.make_user(full_name="Druga Osoba", email="other@example.org"))
    skills = LanguageSkill.objects.filter(user=assistant, language="uk")
    skills.update(dialect=VARIETY, spoken=LanguageSkill.Level.NATIVE)

    def open_(**languages: str) -> tuple[Phone, Phone]:
        phones = []
        for user, language in [(official, languages["official"]), (assistant, languages["assistant"])]:
            user.language = language
            user.save(update_fields=["language"])
            phones.append(Phone(open_browser(locale=language), user, axe=axe))
        return tuple(phones)

    return open_


def ask(office: Phone) -> None:
    """From the sign-in to the empty form, and everything on it but the text."""
    office.open(f"/{office.user.language}/account/login/")
    office.sign_in()
    office.page.locator(".menu-phone summary").click()
    press(office.page.locator(".menu-phone a[href$='/assistance/']"))
    office.look()
    office.page.get_by_role("link", name=office.words("Ask for an assistant")).first.click()
    office.page.wait_for_url("**/assistance/new/")
    office.look()
    office.choose(language="uk", subject="social_welfare", mode_1="on_site")
    office.unfold("dialect")
    office.fill(dialect=VARIETY)
    office.page.locator("[name=is_dialect_required]").check()
    office.page.locator("[name=is_writing_wanted]").check()
    office.fill(start_on=f"{MEETING:%Y-%m-%d}", starts="10:00", minutes="60")
    office.unfold("mode_2")
    office.choose(mode_2="video")
    office.unfold("contact_name")
    office.fill(contact_name=CONTACT, contact_phone="56 622 33 44")
    office.fill(case_reference=CASE)


def check_and_send(office: Phone) -> AssistanceRequest:
    """She sees what an assistant will read, and what only the one who agreed; then it goes out."""
    office.reads("This is what an assistant reads. Nobody has been asked yet.")
    assert not Offer.objects.exists()
    open_part, locked_part = office.main.locator(".split-even").first.locator("section").all()
    for secret in (*SECRETS[:5], CASE):
        assert secret in locked_part.inner_text()
        assert secret not in open_part.inner_text()
    assert VARIETY in open_part.inner_text()
    points = {row.inner_text() for row in office.main.locator("li", has=office.page.locator(".badge")).all()}
    must, wish = office.words("must", "requirement"), office.words("wish", "requirement")
    assert any(must in point and VARIETY in point for point in points)
    assert any(wish in point and office.words("Reads and writes it") in point for point in points)
    office.press("Send the request")
    asked = AssistanceRequest.objects.get()
    assert (asked.state, asked.ranked_modes) == (State.OFFERING, ["on_site", "video"])
    return asked


def agree(helper: Phone) -> Assignment:
    """From her mail to the yes: the outline alone before it, the address after it."""
    text = helper.mail()
    assert helper.words("Ukrainian").lower() in text.lower()
    assert not found_in(text)
    helper.page.goto(re.search(rf"{re.escape(settings.SITE_URL)}(/\S+)", text)[1])
    helper.sign_in()
    (offer,) = Offer.objects.filter(state="open")
    assert offer.assistant.user == helper.user  # the other one does not speak the variety, which is a must
    assert str(offer.public_id) in helper.page.url
    assert VARIETY in helper.main.inner_text()
    assert not found_in(helper.page.content())
    helper.press("Yes, I will come")
    assert set(found_in(helper.main.inner_text())) >= {*SECRETS[:5], "22 33 44"}
    assert CASE not in helper.page.content()
    return Assignment.objects.get()


def found_in(text: str) -> list[str]:
    return [secret for secret in (*SECRETS, CASE) if secret in text]


def see_who_comes(office: Phone) -> None:
    office.open_mail()
    shown = office.page.content()
    assert "Iryna" in office.main.inner_text()
    assert "Melnyk" not in shown
    assert "assistant@example.org" not in shown


def test_an_official_asks_in_polish_and_an_assistant_comes_who_reads_ukrainian(on_phones, clock):
    office, helper = on_phones(official="pl", assistant="uk")

    # A PESEL is refused beside the field in which it stands; nothing else is lost.
    ask(office)
    office.fill(briefing=f"{BRIEFING}, PESEL {PESEL}")
    office.press("Go on: check before you send")
    words = "This looks like a PESEL number. Please take it out: we must not know who the client is."
    expect(office.page.locator("#id_briefing_error")).to_contain_text(office.words(words))
    kept = {
        "dialect": VARIETY,
        "mode_2": "video",
        "start_on": "2026-11-27",
        "starts": "10:00",
        "contact_name": CONTACT,
        "case_reference": CASE,
        "briefing": f"{BRIEFING}, PESEL {PESEL}",
    }
    for name, value in kept.items():
        assert office.page.locator(f"[name={name}]").input_value() == value
    assert office.page.locator("[name=is_dialect_required]").is_checked()
    assert not AssistanceRequest.objects.exists()
    office.fill(briefing=BRIEFING)
    office.press("Go on: check before you send")
    office.look(closely=True)
    check_and_send(office)

    job = agree(helper)
    see_who_comes(office)
    assert office.main.locator(".visit-code").count() == 0

    # On the day she says that she is there, and the office sees it; the code shows from the start on.
    clock.move_to(MEETING - timedelta(minutes=10))
    helper.open("/uk/assistant/")
    assert "ul. Cicha 7" in helper.main.inner_text()
    helper.press("I am here")
    assert "09:5" in helper.main.inner_text()
    clock.move_to(MEETING + timedelta(minutes=1))
    move_requests_on()
    office.page.reload()
    office.look(closely=True)
    code = office.main.locator(".visit-code").inner_text()
    helper.page.reload()
    helper.look()
    assert not {code, code.replace(" ", "")} & set(re.findall(r"\d{3} ?\d{3}", helper.main.inner_text()))

    # After it she is asked for the hours by mail, and writes the code that she was told.
    clock.move_to(MEETING + timedelta(minutes=65))
    move_requests_on()
    helper.open_mail()
    helper.look(closely=True)
    helper.fill(code=code)
    helper.press("Send the hours")
    helper.reads("Thank you. The code was right, and the hours are confirmed.")
    job.refresh_from_db()
    assert (job.state, job.request.state) == (Assignment.State.DONE, State.CLOSED)
    assert sum(LedgerEntry.objects.values_list("minutes", flat=True)) == 60

    # The office need not do anything more; she says how it was.
    office.open_mail()
    office.reads(
        "By the code that you gave the assistant. If something is wrong, please tell the coordinator."
    )
    office.follow("Say how it was")
    office.look(closely=True)
    office.tick(was_on_time="yes", rating="5", would_again="yes")
    office.press("Send", "feedback")
    said = Feedback.objects.get()
    assert (said.rating, said.was_on_time, said.would_again) == (5, True, True)

    # The month is over: her sheet has the hour, and she signs it.
    clock.move_to(DECEMBER)
    helper.open("/uk/assistant/")
    press(helper.main.locator("a[href$='/assistant/sheets/']"))
    helper.look()
    helper.press("Make my sheet")
    helper.look(closely=True)
    helper.press("I sign: this is right")
    helper.reads("Signed. Thank you.")
    sheet = HoursSheet.objects.get()
    assert (sheet.minutes, sheet.first_signed_by) == (60, helper.user)


def test_an_official_asks_in_ukrainian_and_confirms_with_one_click(on_phones, clock):
    office, helper = on_phones(official="uk", assistant="pl")
    ask(office)
    office.fill(briefing=BRIEFING)
    office.press("Go on: check before you send")
    asked = check_and_send(office)
    job = agree(helper)
    see_who_comes(office)

    # Nobody thought of the code: the office is asked by mail, and agrees with one click.
    clock.move_to(MEETING + timedelta(minutes=65))
    move_requests_on()
    helper.open_mail()
    helper.press("Send the hours")
    helper.reads("Thank you. The institution will confirm the hours.")
    office.open_mail()
    office.press("The hours are right")
    office.reads("Confirmed", "hours")
    for row in (asked, job):
        row.refresh_from_db()
    assert (asked.state, job.state) == (State.CLOSED, Assignment.State.DONE)
    assert job.report.confirmed_by == office.user
    assert Attempt.objects.get().state == Attempt.State.FILLED

    # She reads it in her mail, and finds the job among those that are done.
    helper.open_mail()
    helper.reads("Confirmed", "hours")
    helper.open("/pl/assistant/")
    done = helper.main.locator("section", has_text=helper.words("Done", "jobs"))
    assert done.locator(f"a[href$='/{job.public_id}/']").count() == 1
