"""A year of a network: 20 courses, 52 meetings each, more than 10,000 attendances.

Every page of a coordinator, a trainer and a participant asks the database as often as after a month of two
courses, and none becomes slow. The figures are printed: ``pytest -s tests/shows/test_big_year.py``.
"""

import itertools
import time
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from participants.models import Participant
from portal.models import AuditEntry, Message, User
from projects import ledger
from projects.models import LedgerEntry
from tests import factories
from tests.shows.scene import TABLE
from workshops.models import (
    AbsenceReason,
    Attendance,
    CallTask,
    ManualHours,
    Registration,
    Session,
    Workshop,
)

MINUTES = 90


@dataclass(frozen=True)
class Size:
    courses: int
    people: int
    weeks_past: int
    weeks_ahead: int


A_MONTH = Size(courses=2, people=3, weeks_past=4, weeks_ahead=2)
A_YEAR = Size(courses=20, people=13, weeks_past=40, weeks_ahead=12)

#: Of 40 meetings: mostly there, sometimes late, ill or away.
MARKS = ["present"] * 7 + ["late", "excused", "absent"]
MOST_QUERIES = 12
#: A page of a year may take so many times what it takes with next to nothing in it, and no page a second.
MOST_TIMES, MOST_SECONDS = 40, 1.0
ROLES = ["coordinator", "trainer", "migrant"]
#: Papers are set by typst, and a file is no page.
FILES = ("_pdf", "_csv", "_calendar", "_ics")


def meetings(workshops: list[Workshop], size: Size) -> list[Session]:
    """Weekly, before and after today, each course at an hour of its own."""
    rows = []
    for number, workshop in enumerate(workshops):
        for week in range(-size.weeks_past, size.weeks_ahead):
            start = factories.at(7 * week + number % 5 - 6, f"{9 + number % 10}:00")
            rows.append(Session(workshop=workshop, start_at=start, end_at=start + timedelta(minutes=MINUTES)))
    return Session.objects.bulk_create(rows)


def attendances(registrations: list[Registration], sessions: list[Session], by: User) -> list[Attendance]:
    now, marks = timezone.now(), itertools.cycle(MARKS)
    of_workshop = itertools.groupby(sessions, key=lambda session: session.workshop_id)
    past = {key: [session for session in rows if session.end_at < now] for key, rows in of_workshop}
    worth = {"present": MINUTES, "late": MINUTES - 15}
    rows = []
    for row in registrations:
        for session in past[row.workshop_id]:
            mark = next(marks)
            rows.append(
                Attendance(
                    session=session, registration=row, mark=mark, minutes=worth.get(mark, 0), marked_by=by
                )
            )
    return Attendance.objects.bulk_create(rows)


def entries(found: list[Attendance], sessions: list[Session], theme) -> None:
    """What the verbs would have written in the ledger."""
    known = {"project": theme.project, "task": theme.task, "theme": theme, "kind": "course"}
    keys: dict[int, str] = {}
    rows = []
    for row in found:
        if row.minutes:
            user = row.registration.user
            key = keys.setdefault(user.pk, ledger.beneficiary_key(theme.project, user))
            rows.append(
                LedgerEntry(
                    **known, source=row.ledger_source, measure="received", minutes=row.minutes,
                    on=row.session.start_at.date(), beneficiary_key=key,
                    activity=f"workshops.workshop:{row.session.workshop_id}",
                )
            )  # fmt: skip
    rows += [
        LedgerEntry(
            **known, source=session.source, measure="delivered", minutes=MINUTES,
            on=session.start_at.date(), activity=f"workshops.workshop:{session.workshop_id}",
        )
        for session in sessions if session.end_at < timezone.now()
    ]  # fmt: skip
    LedgerEntry.objects.bulk_create(rows)


def time_passes(scene, size: Size) -> int:
    """Courses of this size, the scene's own workshop among them. Returns how many attendances there are."""
    trainer, migrant = scene.people["trainer"], scene.people["migrant"]
    here = Workshop.objects.get(slug=scene.arguments["workshop"]["slug"])
    theme, began = here.theme, timezone.now() - timedelta(weeks=size.weeks_past + 2)
    people = User.objects.bulk_create(
        User(
            email=f"learner{size.people}-{number}@example.org", full_name=f"Olena Nr {number}",
            call_me=f"Olena {number}",
            name_key=f"olena {number:04d}", password="!",
        )
        for number in range(size.courses * size.people)
    )  # fmt: skip
    Participant.objects.bulk_create(Participant(user=user) for user in people)
    courses = Workshop.objects.bulk_create(
        Workshop(
            project=theme.project, theme=theme, slug=f"course-{size.courses}-{number}", kind="course",
            state="published",
            title_pl=f"Kurs {number}", title_en=f"Course {number}", languages=["pl"], town="Toruń",
            published_at=began, gives_certificate=True,
        )
        for number in range(size.courses - 1)
    )  # fmt: skip
    courses.append(here)
    leads = Workshop.trainers.through
    leads.objects.bulk_create(leads(workshop=course, user=trainer) for course in courses[: size.courses // 2])
    sessions = meetings(courses, size)
    groups = [people[number * size.people : (number + 1) * size.people] for number in range(size.courses)]
    confirmed = {"state": "confirmed", "confirmed_at": began}
    rows = [
        Registration(workshop=c, user=u, **confirmed)
        for c, us in zip(courses, groups, strict=True)
        for u in us
    ]
    rows += [Registration(workshop=course, user=migrant, **confirmed) for course in courses[:-1][:3]]
    rows = Registration.objects.bulk_create(rows)
    found = attendances(rows, sessions, trainer)
    entries(found, sessions, theme)
    last = {session.workshop_id: session for session in sessions if session.end_at < timezone.now()}
    for number, row in enumerate(rows[::5]):
        CallTask.objects.create(registration=row, session=last[row.workshop_id])
        AbsenceReason.objects.create(registration=row, session=last[row.workshop_id], reason="work")
        ManualHours.objects.create(
            registration=row, on=began.date(), minutes=30 + number, reason="Lekcja", entered_by=trainer
        )
    AuditEntry.objects.bulk_create(
        AuditEntry(
            action="attendance.marked", object_type="workshops.attendance", object_id=row.pk,
            actor_id=trainer.pk, data={"old": ["unknown", 0], "new": [row.mark, row.minutes]},
        )
        for row in found
    )  # fmt: skip
    Message.objects.bulk_create(
        Message(key=f"old:{size.people}:{number}", recipient=migrant, address=migrant.email, kind="reminder",
                language="uk", subject="x", text="x", state="sent",
                sent_at=began, due_at=began, next_try_at=began)
        for number in range(15 * size.courses)
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return Attendance.objects.count()


def measure(scene, role: str) -> dict[str, tuple[int, float]]:
    """Queries and seconds of each page that this role may open, the better time of two."""
    client = Client()
    client.force_login(scene.people[role])
    costs = {}
    for name, welcome in TABLE.items():
        if role not in welcome or name.endswith(FILES):
            continue
        address = reverse(name, kwargs=scene.arguments.get(name, {}))
        started = time.perf_counter()
        if client.get(address).status_code != 200:
            continue
        first = time.perf_counter() - started
        started = time.perf_counter()
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        costs[name] = (len(queries), min(first, time.perf_counter() - started))
    return costs


@pytest.mark.slow
@pytest.mark.django_db
def test_no_page_grows_with_the_year(scene, capsys):
    time_passes(scene, A_MONTH)
    small = {role: measure(scene, role) for role in ROLES}
    began = time.perf_counter()
    number = time_passes(scene, A_YEAR)
    built = time.perf_counter() - began
    big = {role: measure(scene, role) for role in ROLES}
    with capsys.disabled():
        print(f"\n\n{number} attendances, written in {built:.1f} s\n")
        print(f"{'page':30}{'who':14}{'queries':>9}{'were':>6}{'ms':>8}{'were':>8}")
        for role in ROLES:
            for name, (queries, seconds) in sorted(big[role].items(), key=lambda item: -item[1][1]):
                were, took = small[role].get(name, (0, 0))
                print(f"{name:30}{role:14}{queries:9}{were:6}{seconds * 1000:8.0f}{took * 1000:8.0f}")
    assert number >= 10_000
    pages = [(role, name) for role in ROLES for name in big[role]]
    assert not {page: big[page[0]][page[1]][0] for page in pages if big[page[0]][page[1]][0] > MOST_QUERIES}
    grown = {
        (role, name): (small[role][name][0], big[role][name][0])
        for role, name in pages
        if big[role][name][0] > small[role][name][0]
    }
    assert not grown
    slow = {
        (role, name): big[role][name][1]
        for role, name in pages
        if big[role][name][1] > max(MOST_SECONDS, MOST_TIMES * small[role][name][1])
    }
    assert not slow
