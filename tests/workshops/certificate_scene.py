"""A course that is over, and people who were there for given shares of it; marks as the roll leaves them."""

from tests.factories import at, make_registration, make_session, make_user, make_workshop
from workshops.certificate_drafts import new_code
from workshops.models import Attendance, Certificate, Registration, Workshop

Mark = Attendance.Mark


def make_course(theme, *, meetings: int = 4, **fields) -> Workshop:
    """Polish A1, ``meetings`` of two hours, the last one yesterday.

    Somebody who has left since was at each of them, so all were held, and she gets no certificate.
    """
    fields = {
        "kind": Workshop.Kind.COURSE,
        "level": "A1",
        "gives_certificate": True,
        "attendance_percent": 75,
        "title_pl": "Język polski A1",
        "title_en": "Polish A1",
        "title_uk": "Польська A1",
        "title_ar": "اللغة البولندية A1",
    } | fields
    workshop = make_workshop(
        theme=theme, sessions=[(day - meetings, "17:00", 120) for day in range(meetings)], **fields
    )
    attended(workshop, times=meetings, state=Registration.State.WITHDRAWN)
    return workshop


def attended(workshop: Workshop, user=None, *, times: int, **fields):
    """A registration that was present ``times`` and absent from then on."""
    row = make_registration(workshop, user or make_user(), confirmed_at=at(-60), **fields)
    for number, session in enumerate(workshop.sessions.order_by("start_at")):
        came = number < times
        Attendance.objects.create(
            session=session,
            registration=row,
            mark=Mark.PRESENT if came else Mark.ABSENT,
            minutes=session.minutes if came else 0,
        )
    return row


def come_to_another(workshop: Workshop, row) -> None:
    """One more meeting was held the day before the first one; she came."""
    session = make_session(workshop, days=-30)
    Attendance.objects.create(session=session, registration=row, mark=Mark.PRESENT, minutes=session.minutes)


def make_certificate(row, **fields) -> Certificate:
    """As the verbs would leave it, without their side effects."""
    fields = {
        "code": new_code(),
        "printed_name": row.user.full_name,
        "language": row.user.language,
        "minutes": 480,
        "planned_minutes": 480,
        "attended_percent": 100,
        "starts_on": at(-4).date(),
        "ends_on": at(-1).date(),
    } | fields
    if fields.get("state", "draft") != "draft":
        taken = Certificate.objects.filter(year=2026).count()
        fields = {"year": 2026, "number": taken + 1, "issued_at": at(-1)} | fields
    if fields.get("state") == "revoked":
        fields.setdefault("revoked_at", at(-1))
    return Certificate.objects.create(registration=row, **fields)
