"""Papers of a month: who is asked to sign, and who is reminded once."""

from institutions.emails import link
from institutions.models import HoursSheet, MonthlyPaper, Official, Statement
from portal import messages
from portal.models import User
from projects.models import ProjectStaff


def sheet_ready(sheet: HoursSheet) -> None:
    """Her hours of the month are written down: please look and sign."""
    _tell(sheet.assistant.user, "sheet_ready", sheet, "hours_sheet")


def statement_ready(statement: Statement) -> None:
    for user in _administrators(statement):
        _tell(user, "statement_ready", statement, "statement")


def remind(paper: MonthlyPaper) -> None:
    """Whoever has to sign next, once for each side."""
    page = "hours_sheet" if isinstance(paper, HoursSheet) else "statement"
    place = "second" if paper.first_signed_at else "first"
    for user in _who_signs(paper, place):
        _tell(user, f"{page}_to_sign", paper, page, place=place)


def _who_signs(paper: MonthlyPaper, place: str) -> list[User]:
    is_first, coordinators_of = place == "first", ProjectStaff.objects.coordinators_of
    if isinstance(paper, HoursSheet):
        return [paper.assistant.user] if is_first else coordinators_of(paper.assistant.project_id)
    return coordinators_of(paper.institution.project_id) if is_first else _administrators(paper)


def _administrators(statement: Statement) -> list[User]:
    seats = Official.objects.serving().filter(institution=statement.institution_id, is_administrator=True)
    return [seat.user for seat in seats.select_related("user").order_by("user")]


def _tell(user: User, template: str, paper: MonthlyPaper, page: str, *, place: str = "") -> None:
    messages.queue(
        user,
        kind="work",
        key=f"{template}:{paper.pk}:{place}:{user.pk}",
        template=f"institutions/messages/{template}",
        context={"paper": paper, "link": link(user, page, paper.public_id)},
    )
