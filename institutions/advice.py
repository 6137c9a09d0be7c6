"""What a good colleague would say to an official before she sends a request. Advice: nothing here forbids."""

from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from institutions import deadlines, order_rules
from institutions.models import AssistanceRequest, Mode, Subject
from institutions.spellings import is_town_unknown, unknown_variety
from institutions.where_to_meet import places_missing
from portal.clock import WARSAW, is_public_holiday
from portal.models import User


@dataclass(frozen=True)
class Advice:
    """``kind`` as of a notice: warn or info. ``url`` leads to where one finds more."""

    kind: str
    title: str
    text: str
    url: str = ""
    link: str = ""


NOWHERE = {
    Mode.ON_SITE: gettext_lazy("There is no address yet."),
    Mode.VIDEO: gettext_lazy("There is no link to the video meeting yet."),
    Mode.PHONE: gettext_lazy("There is no phone number to call yet."),
}
SWORN_LINK = gettext_lazy("List of sworn interpreters (Ministry of Justice)")


def sworn(title: str, text: str) -> Advice:
    return Advice("warn", title, text, settings.ASSISTANCE["sworn_interpreters_url"], str(SWORN_LINK))


def advice_of(request: AssistanceRequest, *, by: User) -> list[Advice]:
    found = [
        _about_sworn(request),
        _about_agreement(request, by),
        _about_length(request),
        _about_mode(request),
        *_about_place(request),
        _about_time(request),
        _about_relative(request),
        _about_children(request),
        _about_briefing(request),
        _about_narrowness(request),
        *about_spelling(request),
    ]
    return [one for one in found if one]


def _about_sworn(request: AssistanceRequest) -> Advice | None:
    if request.is_signed_or_certified:
        return sworn(
            _("For what is signed or certified you need a sworn interpreter."),
            _(
                "An assistant helps you talk. She does not certify papers or sign for anybody. "
                "A coordinator looks at your request first."
            ),
        )
    if request.may_need_sworn:
        return sworn(
            _("Is it a hearing or an interview that is written down?"),
            _(
                "Then only a sworn interpreter may interpret. An assistant can accompany the person. "
                "A coordinator looks at your request first."
            ),
        )
    return None


def _about_agreement(request: AssistanceRequest, by: User) -> Advice | None:
    reason = order_rules.hold_reason(request, by=by)
    if reason == order_rules.Reason.NO_AGREEMENT:
        return Advice(
            "warn",
            _("There is no agreement with your institution for that day."),
            _("A coordinator looks at your request first and calls you. Then we ask assistants."),
        )
    if reason == order_rules.Reason.LONG:
        return Advice(
            "warn",
            _("More than two hours are too much for one person."),
            _("Ask for two assistants, or a coordinator looks at your request first."),
        )
    return None


def _about_length(request: AssistanceRequest) -> Advice | None:
    if request.minutes <= settings.ASSISTANCE["warn_over_minutes"]:
        return None
    return Advice(
        "info",
        _("Please plan breaks."),
        _("After 30 to 40 minutes of interpreting people make mistakes. Five minutes of rest help."),
    )


def _about_mode(request: AssistanceRequest) -> Advice | None:
    is_hard = order_rules.is_hard_by_phone(request)
    if request.mode == Mode.PHONE and is_hard:
        return Advice(
            "info",
            _("On site is better here."),
            _(
                "For long talks, children, mental health and bad news, people should see one another. "
                "If you can, make “on site” your first choice."
            ),
        )
    if order_rules.may_come_to_phone(request):
        return Advice(
            "info",
            _("If nobody can come, we look for somebody by phone, as you chose."),
            _(
                "For long talks, children, mental health and bad news, people should see one another. "
                "If the phone is not enough, please leave it out: then we never come to it."
            ),
        )
    is_short = request.minutes <= settings.ASSISTANCE["phone_fits_minutes"]
    if request.mode == Mode.ON_SITE and not is_hard and is_short:
        return Advice(
            "info",
            _("A phone call may be enough."),
            _(
                "For a short, simple matter we find somebody sooner by phone. "
                "You can make it your second choice."
            ),
        )
    return None


def _about_place(request: AssistanceRequest) -> list[Advice]:
    """By each of the ways that may come to be tried; one may not know the link yet."""
    text = _("You can send the request all the same. Please write it as soon as you know it.")
    return [Advice("info", str(NOWHERE[mode]), text) for mode in places_missing(request)]


def _about_time(request: AssistanceRequest) -> Advice | None:
    start = timezone.localtime(request.start_at, WARSAW)
    if is_public_holiday(start.date()):
        return Advice("warn", _("This day is a public holiday."), _("Please check the date."))
    if request.unit and not _is_open(request):
        return Advice(
            "warn",
            _("Your unit is closed at that time, as its opening hours say."),
            _("Please check the day and the time."),
        )
    is_early = request.urgency != AssistanceRequest.Urgency.PLANNED
    if is_early and deadlines.is_planned_ahead(request.start_at, timezone.now()):
        return Advice(
            "info",
            _("There is time enough: “planned” will do."),
            _("Then assistants are not called at night, and more of them can answer."),
        )
    return None


def _is_open(request: AssistanceRequest) -> bool:
    start, end = (timezone.localtime(at, WARSAW) for at in (request.start_at, request.end_at))
    hours = list(request.unit.opening_hours.all())
    if not hours:
        return True
    return any(
        row.weekday == start.weekday() and row.opens <= start.time() and end.time() <= row.closes
        for row in hours
    )


def _about_relative(request: AssistanceRequest) -> Advice | None:
    if not request.is_relative_interpreting:
        return None
    return Advice(
        "warn",
        _("Please do not let a relative or a child interpret."),
        _(
            "They may leave things out, be afraid, or be the danger themselves. "
            "We look at your request first."
        ),
    )


def _about_children(request: AssistanceRequest) -> Advice | None:
    if not request.are_minors_present:
        return None
    return Advice(
        "info",
        _("Only assistants who were checked for work with children will come."),
        _("That is the law. There may be fewer of them."),
    )


def _about_briefing(request: AssistanceRequest) -> Advice | None:
    if not request.briefing_minutes and not request.is_sensitive:
        return None
    if request.briefing_minutes:
        return Advice(
            "info",
            _("Talk with the assistant alone before and after."),
            _(
                "Before: what it is about, hard words, who sits where. After: what was hard. "
                "The assistant keeps this time free."
            ),
        )
    return Advice(
        "info",
        _("Ten minutes with the assistant before and after would help."),
        _("It will be a hard meeting. You can add the talks above."),
    )


def _about_narrowness(request: AssistanceRequest) -> Advice | None:
    """Each must leaves fewer people; three of them often leave nobody."""
    musts = [
        request.is_dialect_required and request.dialect,
        request.is_level_required and request.level,
        request.is_writing_required and request.is_writing_wanted,
        request.is_gender_required and request.gender_preference != AssistanceRequest.GenderPreference.ANY,
        request.is_other_town_required and request.is_other_town_wanted,
        request.subject in (Subject.MENTAL_HEALTH, Subject.POLICE_COURT),
    ]
    if len([must for must in musts if must]) < 3:
        return None
    return Advice(
        "info",
        _("You ask for a lot at once."),
        _("Few assistants fit in every point. What would be good, but need not be, can be a wish."),
    )


def about_spelling(request: AssistanceRequest, *, with_homes: bool = False) -> list[Advice]:
    """A must is compared letter by letter in the end: what nobody here has written so far may be a slip.

    ``with_homes``: for coordinators, who know where assistants live.
    """
    found, known = [], unknown_variety(request)
    if known is not None:
        found.append(
            Advice(
                "warn",
                _("Nobody in the network has told us of this variety: %(dialect)s.")
                % {"dialect": request.dialect},
                _("Perhaps it is called otherwise here: %(known)s. As a must it leaves nobody.")
                % {"known": ", ".join(known)}
                if known
                else _("As a must it leaves nobody. As a wish it leaves all who speak the language."),
            )
        )
    if is_town_unknown(request, with_homes=with_homes):
        found.append(
            Advice(
                "warn",
                _("Is the name of the town right: %(town)s?") % {"town": request.town},
                _(
                    "No place in the network is called so. Only those whose town is written like this one "
                    "are left out."
                ),
            )
        )
    return found
