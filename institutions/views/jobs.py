"""The assistant: her jobs from the yes to the hours. institutions.disclosure says what she sees."""

from functools import partial

from django.contrib import messages as flash
from django.db import transaction
from django.db.models import Subquery, Sum
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from institutions import (
    codes,
    collisions,
    day,
    day_board,
    debriefings,
    disclosure,
    hours,
    no_shows,
    proposals,
    settlement,
    terms,
    time_reports,
    voice_panel,
    withdrawals,
)
from institutions.access import assistant_required
from institutions.disclosure import Viewer
from institutions.forms import ReasonForm, refuse
from institutions.models import Assignment, AssistanceRequest, Assistant, Credit, Offer, TimeReport
from institutions.paper_warnings import notices_for
from institutions.papers_of_assistants import has_promised, lacks_promise
from institutions.views.again import DoneBefore, lands
from institutions.visit_forms import PresenceForm, TermForm, TimesForm, initial_report
from institutions.wording import BADGES_FOR_ASSISTANT, FOR_ASSISTANT
from portal.refusals import Refused

State = AssistanceRequest.State
#: How many of what is done stands on her page, and how many after "Show all".
PAST, PAST_ALL = 3, 200
#: One of two has agreed, and the second is still looked for: her job stands all the same.
COMING = (State.CONFIRMED, State.IN_PROGRESS, *AssistanceRequest.LOOKING)
OVER = (State.AWAITING_CONFIRMATION, State.CLOSED, *AssistanceRequest.NO_SHOWS)


@assistant_required
@require_GET
def assistant_home(request):
    now = timezone.now()
    waiting = Offer.objects.filter(
        assistant__user=request.user,
        state__in=Offer.STANDING,
        expires_at__gt=now,
        request__start_at__gt=now,
    )
    waiting = waiting.select_related("request__institution", "assistant").order_by("request__start_at", "id")
    asked = disclosure.for_offers(collisions.possible(waiting))
    papers = notices_for([request.user.assistant])[request.user.assistant.pk]
    as_row = partial(job_row, is_promised=not lacks_promise(papers["missing"]))
    mine = own_jobs(request.user).exclude(state=Assignment.State.NO_SHOW)
    standing = [as_row(job) for job in mine.filter(request__state__in=[*COMING, State.AWAITING_REPORT])]
    coming = [row for row in standing if row["is_coming"]]
    past = own_jobs(request.user).filter(request__state__in=OVER).order_by("-request__start_at", "-id")
    shown = PAST_ALL if request.GET.get("past") == "all" else PAST
    past = list(past[: shown + 1])
    if coming:  # the next one is shown with its address
        disclosure.record_look(
            coming[0]["job"].request, coming[0]["view"], by=request.user, viewer=Viewer.ASSISTANT
        )
    return render(
        request,
        "institutions/assistant_home.html",
        {
            "offers": [(one, view) for one, view in asked if one.state == Offer.State.OPEN],
            "interested": [(one, view) for one, view in asked if one.state != Offer.State.OPEN],
            "next": coming[0] | today_of(coming[0]["job"]) if coming else None,
            "coming": coming[1:],
            "to_report": [row for row in standing if row["is_to_report"]],
            "past": [as_row(job) for job in past[:shown]],
            "has_more_past": len(past) > shown,
            "month": this_month(request.user),
            "papers": papers,
        },
    )


@assistant_required
@require_GET
def assistant_job(request, public_id):
    job = own_job(request, public_id)
    is_promised = has_promised(job.assistant)
    view = disclosure.for_assignment(job, job.request, with_partner=True, is_promised=is_promised)
    disclosure.record_look(job.request, view, by=request.user, viewer=Viewer.ASSISTANT)
    context = job_row(job, is_promised=is_promised) | today_of(job) | may(job)
    context |= {"view": view, "line": day_board.for_assistant(job)}
    context["credit"] = Credit.objects.filter(assignment=job).first()
    context["change"] = proposals.open_changes(job.request).filter(assignment=job).first()
    context["voice"] = voice_panel.for_assistant(job, request.user)
    return render(request, "institutions/assistant_job.html", context)


@assistant_required
@require_POST
def assistant_here(request, public_id):
    try:
        day.arrive(own_job(request, public_id), by=request.user)
    except Refused as no:
        flash.error(request, str(no))
    else:
        flash.success(request, _("Thank you. The institution sees that you are there."))
    return redirect("assistant_job", public_id)


@assistant_required
@require_POST
def assistant_late(request, public_id):
    told = request.POST.get("minutes")
    minutes = next((number for number in day.delays() if str(number) == told), 0)
    try:
        day.will_be_late(own_job(request, public_id), by=request.user, minutes=minutes)
    except Refused as no:
        flash.error(request, str(no))
    else:
        flash.success(request, _("Thank you. We have told the institution."))
    return redirect("assistant_job", public_id)


@assistant_required
@require_http_methods(["GET", "POST"])
@lands
def assistant_absent(request, public_id):
    """Nobody came; or, where the institution said so, that it was different."""
    job = own_job(request, public_id)
    line = day_board.for_assistant(job)
    if line.own and line.own.missing == request.POST.get("missing"):
        raise DoneBefore("assistant_job", public_id)
    form = PresenceForm(request.POST or None, choices=line.choices, has_travel=job.request.mode == "on_site")
    if request.method == "POST" and form.is_valid():
        try:
            no_shows.assistant_says(job, by=request.user, **form.cleaned_data)
        except Refused as no:
            refuse(form, no)
        else:
            flash.success(request, _("Thank you. It is written down, and the other side is told."))
            return redirect("assistant_job", public_id)
    context = {"job": job, "view": disclosure.for_assignment(job, job.request), "form": form, "line": line}
    return render(request, "institutions/assistant_absent.html", context)


@assistant_required
@require_http_methods(["GET", "POST"])
def assistant_withdraw(request, public_id):
    job = own_job(request, public_id)
    form = ReasonForm(request.POST or None, reasons=withdrawals.WITHDRAWAL_REASONS)
    if request.method == "POST" and form.is_valid():
        try:
            withdrawals.withdraw(job, by=request.user, reason=form.cleaned_data["reason"])
        except Refused as no:
            refuse(form, no)
        else:
            flash.success(request, _("We have told the institution and are looking for somebody else."))
            return redirect("assistant_home")
    context = {"job": job, "view": disclosure.for_assignment(job, job.request), "form": form}
    return render(request, "institutions/assistant_withdraw.html", context)


@assistant_required
@require_http_methods(["GET", "POST"])
def assistant_report(request, public_id):
    job = own_job(request, public_id)
    report = getattr(job, "report", None)
    form = TimesForm(
        request.POST or None,
        initial=initial_report(job, report, last_way(job)),
        has_code=not job.code_given_at and codes.tries_left(job) > 0,
        is_on_site=job.request.mode == "on_site",
    )
    words = [
        TermForm(request.POST or None, prefix=f"word{number}") for number in range(1, terms.at_once() + 1)
    ]
    is_sent = request.method == "POST" and all([form.is_valid(), *(word.is_valid() for word in words)])
    if is_sent and (written := write_report(request, job, form, words)):
        flash.success(request, thanks_for(written))
        return redirect("assistant_job", public_id)
    view = disclosure.for_assignment(job, job.request)
    context = {"job": job, "view": view, "report": report, "form": form, "words": words} | may(job)
    context["words_open"] = any(word.errors for word in words)
    return render(request, "institutions/assistant_report.html", context)


def write_report(request, job: Assignment, form: TimesForm, words: list[TermForm]) -> TimeReport | None:
    """The words for the glossary, which are known once however often they are sent, and then the hours."""
    try:
        with transaction.atomic():
            for word in words:
                if word.is_filled:
                    terms.suggest_after(job, by=request.user, **word.cleaned_data)
    except Refused as no:
        refuse(word, no)
        return None
    try:
        return time_reports.report_times(job, by=request.user, **form.report())
    except Refused as no:
        refuse(form, no)
        return None


def thanks_for(report: TimeReport) -> str:
    if report.confirmed_at:
        return _("Thank you. The code was right, and the hours are confirmed.")
    if hours.needs_approval(report):
        return _("Thank you. It lasted longer than planned: the coordinator looks at it first.")
    if not hours.put_to_somebody([report]):
        return _("Thank you. The coordinator asks the institution by phone and then confirms the hours.")
    return _("Thank you. The institution will confirm the hours.")


def own_jobs(user):
    mine = Assignment.objects.kept().filter(assistant__user=user)
    mine = mine.select_related("request__institution", "request__unit", "report", "assistant")
    return mine.order_by("request__start_at", "id")


def own_job(request, public_id) -> Assignment:
    mine = Assignment.objects.filter(assistant__user=request.user)
    mine = mine.select_related(
        "request__institution", "request__unit", "report", "assistant__user", "debriefing"
    )
    return get_object_or_404(mine.prefetch_related("presence"), public_id=public_id)


def job_row(job: Assignment, *, is_promised: bool) -> dict:
    """One job as the pages show it."""
    is_standing = job.state in Assignment.STANDING
    state, now = job.request.state, timezone.now()
    report = getattr(job, "report", None)
    can_wait = report is not None and not report.disputed_at
    is_over = state == State.AWAITING_REPORT or job.request.end_at <= now
    state = State.CONFIRMED if state in AssistanceRequest.LOOKING else state
    return {
        "job": job,
        "view": disclosure.for_assignment(job, job.request, is_promised=is_promised),
        "language": job.get_language_display(),
        "report": report,
        "state": FOR_ASSISTANT[state] if is_standing else job.get_state_display(),
        "badge": BADGES_FOR_ASSISTANT[state] if is_standing else "quiet",
        "is_coming": is_standing and state in COMING and not is_over and not can_wait,
        "is_to_report": job.state == Assignment.State.ACTIVE and is_over and not can_wait,
    }


def today_of(job: Assignment) -> dict:
    """What she can tap on the day."""
    now = timezone.now()
    is_her_time = job.state == Assignment.State.ACTIVE and day.can_say_here(job.request, now)
    return {
        "is_today": timezone.localdate(job.request.start_at) == timezone.localdate(),
        "can_say_here": is_her_time and not job.arrived_at,
        "delays": day.delays() if is_her_time and not job.arrived_at else [],
    }


def may(job: Assignment) -> dict:
    now, state = timezone.now(), job.request.state
    is_active = job.state == Assignment.State.ACTIVE
    has_begun = job.request.start_at <= now
    return {
        "can_withdraw": is_active and state in COMING and not has_begun,
        "can_report": is_active and state in hours.OPEN and has_begun,
        "is_over": job.request.end_at <= now,
        "is_disputed": bool(getattr(job, "report", None) and job.report.disputed_at),
        "has_talk": bool(getattr(job, "debriefing", None)) and debriefings.is_waiting(job.debriefing),
    }


def last_way(job: Assignment) -> TimeReport | None:
    """Her last report from the same institution: the way is mostly the same."""
    mine = TimeReport.objects.filter(
        assignment__assistant=job.assistant_id, assignment__request__institution=job.request.institution_id
    )
    mine = mine.filter(assignment__request__mode="on_site").exclude(assignment=job)
    return mine.order_by("-start_at", "-pk").first()


def this_month(user) -> dict[str, int]:
    """Minutes of interpreting reported for this month, confirmed or not, and credited ones."""
    start, end = settlement.bounds(settlement.first_day(timezone.localdate()))
    hers = {"assignment__assistant__user": user, "start_at__gte": start, "start_at__lt": end}
    reports, kept = TimeReport.objects.standing().filter(**hers), Credit.objects.filter(**hers)
    reports, kept = (rows.order_by().values("assignment__assistant") for rows in (reports, kept))
    sums = Assistant.objects.values(
        worked=Coalesce(Subquery(reports.annotate(sum=Sum("worked")).values("sum")), 0),
        credited=Coalesce(Subquery(kept.annotate(sum=Sum("minutes")).values("sum")), 0),
    ).get(user=user)
    return {
        "hours": sums["worked"] // 60,
        "minutes": sums["worked"] % 60,
        "credited": sums["credited"],
    }
