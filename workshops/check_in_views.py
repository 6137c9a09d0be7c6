"""Checking in by code, on her phone and on the trainer's."""

from base64 import b64encode
from contextlib import suppress
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from portal import audit, papers
from portal.access import public
from portal.refusals import Refused
from workshops import check_in
from workshops.check_in import How
from workshops.models import Registration, Session, Workshop
from workshops.workplace.desk import led_sessions

#: In the browser's session: the code she has read, and when; whose link she has opened.
READ, HERSELF = "check_in_read", "check_in_as"
#: Guesses at the six digits of the screen, a person, in ten minutes.
MOST_GUESSES, GUESSES_FOR = 10, 600


class TooManyGuesses(Refused):
    sentence = _("That was too often. Please wait some minutes, or talk to the trainer.")
    field = "code"


class DigitsForm(forms.Form):
    code = forms.CharField(
        label=_("The six digits on the screen"),
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def clean_code(self) -> str:
        return "".join(character for character in self.cleaned_data["code"] if character.isdigit())


# --- The trainer's side ----------------------------------------------------------------------------------


def work_code(request: HttpRequest, pk: int) -> HttpResponse:
    """The code for the door, on a large screen. The answer asks the browser to come again for the next."""
    session = get_object_or_404(led_sessions(request.user), pk=pk)
    now = timezone.now()
    opens_at, closes_at = check_in.window(session, How.OWN_PHONE)
    context = {"session": session, "workshop": session.workshop, "opens_at": opens_at, "closes_at": closes_at}
    context["is_open"] = check_in.is_open(session, now)
    context["is_over"] = now > closes_at
    if context["is_open"]:
        digits = check_in.digits_on_screen(session, now)
        context["digits"] = f"{digits[:3]} {digits[3:]}"
        context["picture"] = _picture(request, "check_in", check_in.code_on_screen(session))
        context["here"] = session.check_ins.count()
        context["expected"] = session.workshop.registrations.confirmed().count()
    response = render(request, "workshops/workplace/code.html", context)
    if not context["is_over"]:
        response["Refresh"] = str(settings.CHECK_IN["code_changes_seconds"])
    return response


def work_check_in(request: HttpRequest, code: str) -> HttpResponse:
    """Her own code was read with the trainer's phone: her name, and one button."""
    try:
        registration = check_in.registration_of(code)
    except Refused as no:
        raise Http404 from no
    workshop = registration.workshop
    if not Workshop.objects.led_by(request.user).filter(pk=workshop.pk).exists():
        raise Http404
    context = {"registration": registration, "workshop": workshop, "session": None, "done": None}
    try:
        session = context["session"] = check_in.meeting_now(workshop)
        if request.method == "POST":
            context["done"] = check_in.check_in(session, registration, how=How.HER_CODE, by=request.user)
        elif registration.state != Registration.State.CONFIRMED:
            raise check_in.PlaceGivenBack
        else:
            context["done"] = session.check_ins.filter(registration=registration).first()
    except Refused as no:
        context["refusal"] = no
    if request.method == "POST" and context["done"]:
        return redirect("work_check_in", code)
    audit.record_reading(registration.user, "name", by=request.user, purpose="check-in")
    return render(request, "workshops/workplace/check_in.html", {"refusal": None} | context)


# --- Her side --------------------------------------------------------------------------------------------


@public
@never_cache
def check_in_page(request: HttpRequest, code: str) -> HttpResponse:
    """She has read the code on the screen. Reading marks nothing: she presses a button.

    Who has to sign in first needs longer than a code lasts, so that she read it in time is kept in her
    browser's session for some minutes.
    """
    context = {"refusal": None, "rows": [], "session": None}
    try:
        session = context["session"] = _session_read(request, code)
        people = _people(request, session)
        if request.method == "POST":
            by = request.user if request.user.is_authenticated else None
            check_in.check_in(session, _chosen(request, people), how=How.OWN_PHONE, by=by)
            return redirect("check_in", code)
        context["rows"] = _rows(people, session)
        if not context["rows"] and request.user.is_authenticated:
            raise check_in.NoPlace
    except Refused as no:
        context["refusal"] = no
    context["sign_in"] = f"{reverse('account_login')}?{urlencode({'next': request.path})}"
    return _unindexed(render(request, "workshops/check_in.html", context))


def check_in_digits(request: HttpRequest) -> HttpResponse:
    """For a phone that reads no codes: the digits under the picture lead to the same page."""
    form = DigitsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _count_guess(request.user)
            session = check_in.session_by_digits(request.user, form.cleaned_data["code"])
        except Refused as no:
            form.add_error("code", str(no))
        else:
            return redirect("check_in", check_in.code_on_screen(session))
    return render(request, "workshops/check_in_digits.html", {"form": form})


def my_code(request: HttpRequest, slug: str) -> HttpResponse:
    """Her code for the door of one workshop, and those of her children."""
    rows = check_in.hers(request.user).confirmed().filter(workshop__slug=slug)
    rows = list(rows.select_related("user", "workshop").order_by("id"))
    if not rows:
        raise Http404
    return _show_codes(request, rows)


@public
@never_cache
def my_code_by_link(request: HttpRequest, code: str) -> HttpResponse:
    """The same from a personal link, for who does not sign in. It also opens the door code for her."""
    try:
        registration = check_in.registration_of_link(code)
    except Refused as no:
        raise Http404 from no
    if registration.state != Registration.State.CONFIRMED:
        messages.error(request, str(check_in.PlaceGivenBack.sentence))
        return redirect("workshop", registration.workshop.slug)
    request.session[HERSELF] = registration.pk
    return _unindexed(_show_codes(request, [registration]))


def _show_codes(request: HttpRequest, rows: list[Registration]) -> HttpResponse:
    workshop = rows[0].workshop
    codes = [
        {"registration": row, "picture": _picture(request, "work_check_in", check_in.her_code(row))}
        for row in rows
    ]
    coming = workshop.sessions.upcoming().first()
    context = {"workshop": workshop, "codes": codes, "session": coming}
    return render(request, "workshops/my_code.html", context)


def _unindexed(response: HttpResponse) -> HttpResponse:
    """Whoever has the address answers for her."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _session_read(request: HttpRequest, code: str) -> Session:
    """The session of a code that is fresh, or was when she read it."""
    kept = request.session.get(READ, {})
    lasts = settings.CHECK_IN["sign_in_minutes"] * 60
    if kept.get("code") == code and timezone.now().timestamp() - kept["at"] < lasts:
        return get_object_or_404(Session.objects.select_related("workshop__project"), pk=kept["session"])
    session = check_in.session_on_screen(code)
    request.session[READ] = {"code": code, "session": session.pk, "at": timezone.now().timestamp()}
    return session


def _people(request: HttpRequest, session: Session):
    """Whom this browser may check in: herself and her children, or the one whose link she has opened."""
    if request.user.is_authenticated:
        rows = check_in.hers(request.user)
    else:
        rows = Registration.objects.filter(pk=request.session.get(HERSELF))
    return rows.filter(workshop=session.workshop_id).select_related("user").order_by("id")


def _chosen(request: HttpRequest, people) -> Registration:
    for row in people:
        if str(row.public_id) == request.POST.get("person"):
            return row
    raise check_in.NoPlace


def _rows(people, session: Session) -> list[dict]:
    here = {row.registration_id: row for row in session.check_ins.filter(registration__in=people)}
    marks = {row.registration_id: row for row in session.attendances.filter(registration__in=people)}
    return [
        {"registration": row, "check_in": here.get(row.pk), "mark": marks.get(row.pk)}
        for row in people
        if row.state == Registration.State.CONFIRMED or row.pk in here
    ]


def _count_guess(user) -> None:
    key = f"check_in_guesses:{user.pk}"
    cache.add(key, 0, GUESSES_FOR)
    with suppress(ValueError):  # it ran out in this very moment
        if cache.incr(key) > MOST_GUESSES:
            raise TooManyGuesses


def _picture(request: HttpRequest, name: str, code: str) -> str:
    """The address as a picture. Without a language in it: whoever opens it reads the page in her own."""
    path = reverse(name, args=[code]).removeprefix(f"/{get_language()}")
    drawing = papers.qr(request.build_absolute_uri(path))
    return f"data:image/svg+xml;base64,{b64encode(drawing.encode()).decode()}"
