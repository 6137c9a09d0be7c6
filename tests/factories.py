"""The dullest valid row of everything. Tests say only what matters to them."""

import itertools
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from institutions import unmet
from institutions.models import (
    Agreement,
    Assignment,
    AssistanceRequest,
    Assistant,
    Attempt,
    Availability,
    Institution,
    Offer,
    Official,
    TimeReport,
    Training,
    Unit,
    UnmetReport,
)
from participants.models import ConsentEvent, ConsentText, LanguageSkill, Participant
from portal.clock import WARSAW
from portal.models import User
from projects.figures import Period
from projects.models import BudgetTask, Indicator, Project, ProjectStaff, Theme
from workshops.models import Registration, Session, Workshop

SYLLABLES = ["".join(pair) for pair in itertools.product("bcdfghjklmnprstwz", "aeiou")]
_words = map("".join, itertools.product(SYLLABLES, repeat=3))


def a_word() -> str:
    """Names no two rows alike, and in the order of the alphabet.

    A figure would not do: "28" stands in "Projekt 2844", and "Warsztat 1" in "Warsztat 12", so that whether a
    page says it would depend on how many rows were made before.
    """
    return next(_words)


#: Days from today after which a planned meeting may be asked for, whatever holidays come before it: two
#: working days (domain.md A5.6) fit in even between Christmas and New Year, and at the beginning of May.
AHEAD = 8


def at(days: int = 7, clock: str = "17:00") -> datetime:
    """The moment ``days`` from today at a local time."""
    hour, minute = map(int, clock.split(":"))
    day = timezone.localdate() + timedelta(days=days)
    return datetime.combine(day, time(hour, minute), tzinfo=WARSAW)


def make_user(**fields) -> User:
    word = a_word()
    name = fields.pop("full_name", f"Olena Testowa {word.title()}")
    fields = {"email": f"person-{word}@example.org", "call_me": name.split()[0], "language": "pl"} | fields
    return User.objects.create_user(full_name=name, **fields)


def make_participant(user: User | None = None, **fields) -> Participant:
    return Participant.objects.create(user=user or make_user(), **fields)


def make_project(**fields) -> Project:
    word = a_word()
    fields = {
        "slug": f"project-{word}",
        "title_pl": f"Projekt {word.title()}",
        "title_en": f"Project {word.title()}",
        "organisation": "Fundacja Splot",
        "city": "Toruń",
        "voivodeship": "04",
        "starts_on": date(2026, 1, 1),
        "ends_on": date(2027, 12, 31),
        "status": Project.Status.RUNNING,
        "cost_eur": 1000,
        "grant_eur": 1000,
        "is_published": True,
    } | fields
    return Project.objects.create(**fields)


def make_theme(project: Project | None = None, **fields) -> Theme:
    project = project or make_project()
    word = a_word()
    task = fields.pop("task", None) or BudgetTask.objects.create(
        project=project, code=f"task-{word}", title_pl="Warsztaty", title_en="Workshops"
    )
    fields = {
        "code": f"theme-{word}",
        "title_pl": "Samorzecznictwo",
        "title_en": "Self-advocacy",
        "budget_minutes": 2400,
    } | fields
    return Theme.objects.create(project=project, task=task, **fields)


def make_indicator(project: Project | None = None, **fields) -> Indicator:
    fields = {"code": f"indicator-{a_word()}", "title_pl": "Godziny", "title_en": "Hours"} | fields
    return Indicator.objects.create(project=project or make_project(), **fields)


def make_staff(project: Project, role: str = ProjectStaff.Role.COORDINATOR, user: User | None = None) -> User:
    user = user or make_user()
    ProjectStaff.objects.create(project=project, user=user, role=role, starts_on=date(2026, 1, 1))
    return user


def make_workshop(*, sessions: list[tuple] | None = None, **fields) -> Workshop:
    """A published workshop with one session in a week, or ``sessions``: (days, "HH:MM", minutes) each."""
    word = a_word()
    theme = fields.pop("theme", None) or make_theme(fields.get("project"))
    trainers = fields.pop("trainers", [])
    fields = {
        "project": theme.project,
        "slug": f"workshop-{word}",
        "title_pl": f"Warsztat {word.title()}",
        "title_en": f"Workshop {word.title()}",
        "languages": ["pl"],
        "town": "Toruń",
        "venue": "Dom Sąsiedzki",
        "address": "ul. Cicha 1",
        "state": Workshop.State.PUBLISHED,
        "published_at": timezone.now(),
    } | fields
    workshop = Workshop.objects.create(theme=theme, **fields)
    workshop.trainers.set(trainers)
    for days, clock, minutes in sessions if sessions is not None else [(7, "17:00", 120)]:
        make_session(workshop, days=days, clock=clock, minutes=minutes)
    return workshop


def make_session(
    workshop: Workshop, *, days: int = 7, clock: str = "17:00", minutes: int = 120, **fields
) -> Session:
    start = at(days, clock)
    return Session.objects.create(
        workshop=workshop, start_at=start, end_at=start + timedelta(minutes=minutes), **fields
    )


def make_registration(workshop: Workshop, user: User | None = None, **fields) -> Registration:
    """A row as the verb would leave it, without its side effects; use the verb where these matter."""
    state = fields.setdefault("state", Registration.State.CONFIRMED)
    if state == Registration.State.CONFIRMED:
        fields.setdefault("confirmed_at", timezone.now())
    if state in (Registration.State.WAITLISTED, Registration.State.OFFERED):
        fields.setdefault("queued_at", timezone.now())
    return Registration.objects.create(workshop=workshop, user=user or make_user(), **fields)


def make_institution(project: Project | None = None, *, has_agreement: bool = True, **fields) -> Institution:
    """With a unit, and with an agreement in force unless told otherwise."""
    word = a_word()
    fields = {
        "slug": f"institution-{word}",
        "name_pl": f"Urząd {word.title()}",
        "name_en": f"Office {word.title()}",
        "town": "Toruń",
        "county": "Toruń",
    } | fields
    institution = Institution.objects.create(project=project or make_project(), **fields)
    Unit.objects.create(
        institution=institution, name_pl="Wydział", name_en="Department", address="ul. Cicha 2"
    )
    if has_agreement:
        Agreement.objects.create(
            institution=institution, project=institution.project, signed_on=date(2026, 1, 1)
        )
    return institution


def make_official(institution: Institution, user: User | None = None, **fields) -> User:
    user = user or make_user()
    Official.objects.create(user=user, institution=institution, starts_on=date(2026, 1, 1), **fields)
    return user


def make_assistant(
    project: Project | None = None,
    user: User | None = None,
    *,
    languages: tuple = ("uk",),
    always: bool = True,
    papers: bool = True,
    subjects: tuple = (),
    **fields,
) -> Assistant:
    """An active assistant who speaks Polish and ``languages``; with ``always`` she is free daily, 7 to 21.

    With ``papers`` she has a contract and has accepted what assistants accept, but no child check.
    """
    user = user or make_user()
    for language in ("pl", *languages):
        LanguageSkill.objects.create(user=user, language=language, spoken=LanguageSkill.Level.C1)
    fields = {
        "home_town": "Toruń",
        "home_county": "Toruń",
        "modes": ["on_site", "phone", "video"],
    } | fields
    if papers:
        fields = {"contract_form": "mandate", "contract_from": date(2026, 1, 1)} | fields
        accept_papers(user)
    assistant = Assistant.objects.create(user=user, project=project or make_project(), **fields)
    Training.objects.bulk_create(
        Training(assistant=assistant, subject=subject, trained_on=date(2026, 1, 1)) for subject in subjects
    )
    if always:
        Availability.objects.bulk_create(
            Availability(assistant=assistant, weekday=day, starts=time(7), ends=time(21)) for day in range(7)
        )
    return assistant


def accept_papers(user: User) -> None:
    """She has accepted the newest code of conduct and promise of confidentiality, or made-up ones."""
    for purpose in ("code_of_conduct", "confidentiality"):
        texts = ConsentText.objects.filter(purpose=purpose)
        text = texts.order_by("-valid_from", "-id").first() or ConsentText.objects.create(
            purpose=purpose,
            audience="assistants",
            version="test",
            language="pl",
            title="Tekst",
            body="Słowa.",
            sha256="0" * 64,
            is_required=True,
        )
        ConsentEvent.objects.create(user=user, text=text, is_given=True, recorded_by=user)


def make_confirmed(
    request: AssistanceRequest, assistant: Assistant, *, minutes: int = 60, **fields
) -> TimeReport:
    """Hours of a job that is done, as both sides agreed on them; use the verbs where the ledger matters."""
    job = make_assignment(request, assistant, state="done", **fields.pop("assignment", {}))
    end_at = request.start_at + timedelta(minutes=minutes + fields.get("break_minutes", 0))
    fields = {"start_at": request.start_at, "end_at": end_at, "confirmed_at": end_at} | fields
    return TimeReport.objects.create(assignment=job, **fields)


def make_request(institution: Institution, by: User | None = None, **fields) -> AssistanceRequest:
    start = fields.pop("start_at", None) or at(5, "10:00")
    fields = {
        "end_at": start + timedelta(minutes=60),
        "language": "uk",
        "subject": "health",
        "town": institution.town,
        "county": institution.county,
    } | fields
    fields.setdefault("submitted_at", timezone.now())
    fields.setdefault("ranked_modes", [fields.get("mode", "on_site")])
    return AssistanceRequest.objects.create(
        institution=institution, requested_by=by, start_at=start, **fields
    )


def make_attempt(request: AssistanceRequest, **fields) -> Attempt:
    """An attempt of a request that is searching, unless the fields say what became of it."""
    fields = {
        "number": request.attempts.count() + 1,
        "mode": request.mode,
        "language": request.language,
    } | fields
    if fields.get("state", "searching") not in Attempt.LIVE:
        fields.setdefault("ended_at", timezone.now())
    return Attempt.objects.create(request=request, **fields)


def make_offer(request: AssistanceRequest, assistant: Assistant, **fields) -> Offer:
    """An offer of the request's live attempt, or of a new one."""
    place = fields.pop("place", 1)
    live = request.attempts.filter(place=place, state__in=Attempt.LIVE).first()
    attempt = fields.pop("attempt", None) or live or make_attempt(request, place=place)
    fields = {"language": request.language, "expires_at": request.start_at} | fields
    return Offer.objects.create(attempt=attempt, request=request, assistant=assistant, **fields)


def make_assignment(request: AssistanceRequest, assistant: Assistant, **fields) -> Assignment:
    """Somebody goes: the row alone, without a diary entry; use the verb where that matters."""
    place = fields.get("place", 1)
    attempt = fields.pop("attempt", None) or make_attempt(request, place=place, state="filled")
    fields = {"language": request.language} | fields
    return Assignment.objects.create(attempt=attempt, request=request, assistant=assistant, **fields)


def make_unmet_report(project: Project, **fields) -> UnmetReport:
    """A published map of unmet need, of a month without any request."""
    since, until = date(2026, 1, 1), date(2026, 1, 31)
    data = unmet.reckon(project, Period(since, until), now=timezone.now())
    return UnmetReport.objects.create(
        project=project, **{"since": since, "until": until, "data": data} | fields
    )
