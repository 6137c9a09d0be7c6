"""One network with somebody in every role, and for each address who gets in.

``TABLE`` names them; all others must get a 404, and a stranger is sent to sign in.
"""

from dataclasses import dataclass, field
from datetime import time, timedelta

import pytest
from django.utils import timezone

from institutions import (
    complaints,
    follow_up,
    offers,
    proposals,
    questions,
    requests,
    settlement,
    smiles,
    terms,
    time_reports,
)
from institutions.models import (
    Assignment,
    AvailabilityException,
    Block,
    BlockWish,
    HoursSheet,
    Offer,
    Statement,
)
from participants import consents
from participants.models import LanguageSkill
from portal import calendars
from projects.models import ProjectStaff
from tests import factories
from tests.workshops.certificate_scene import make_certificate
from workshops import check_in, copies, door_links, families, manual_hours, sheets, staying
from workshops.models import Question, Registration, SeatOffer

NETWORK_STAFF = {"coordinator", "administrator"}
WHO_LEADS = NETWORK_STAFF | {"trainer"}
ANY_COORDINATOR = NETWORK_STAFF | {"other_coordinator"}
ANY_STAFF = ANY_COORDINATOR | {"trainer", "other_trainer"}
MIGRANT = {"migrant"}
OFFICIALS = {"official", "office_administrator"}
ANY_OFFICIAL = OFFICIALS | {"other_official"}
KEEPERS = NETWORK_STAFF | {"office_administrator"}
ASSISTANT = {"assistant"}
ANY_ASSISTANT = {"assistant", "other_assistant"}
SIGNED_IN = {
    "outsider", "migrant", "other_migrant", "trainer", "other_trainer", "coordinator", "other_coordinator",
    "official", "office_administrator", "other_official", "assistant", "other_assistant", "administrator",
}  # fmt: skip
EVERYBODY = SIGNED_IN | {"stranger"}

#: Address → who gets in.
TABLE: dict[str, set[str]] = {
    # for everybody
    **dict.fromkeys(
        [
            "health_live", "robots", "sitemap", "favicon", "home", "about", "contact", "privacy_notice",
            "accessibility", "demo_outbox", "access_panel", "set_language", "project_list", "project_page",
            "project_pdf", "seat_offer", "workshops", "workshop", "workshop_calendar", "register",
            "for_institutions", "card", "card_link",
        ],
        EVERYBODY,
    ),
    "missed_meetings": EVERYBODY,
    # for whoever is signed in, about herself
    **dict.fromkeys(
        ["my_page", "my_hours", "card_welcome", "account", "profile", "profile_language", "profile_consent"],
        SIGNED_IN,
    ),
    "profile_language_remove": {"migrant"},
    **dict.fromkeys(["my_family", "register_family", "child_add"], SIGNED_IN),
    "child_remove": {"migrant"},
    "family_cancel": {"migrant", "other_migrant"},
    "work_consent_sheet": ANY_STAFF,
    "cancel_registration": {"migrant", "other_migrant"},
    "my_needs": {"migrant", "other_migrant"},
    "workshop_invited": EVERYBODY,
    **dict.fromkeys(["workshops_calendar", "calendar_feed"], EVERYBODY),
    "my_calendar": SIGNED_IN,
    # the workplace of a network's staff
    "work_today": ANY_STAFF,
    "work_templates": ANY_COORDINATOR,
    "work_teaching": ANY_STAFF,
    "work_teaching_file": WHO_LEADS,
    **dict.fromkeys(
        ["work_workshop_copy", "work_workshop_template", "work_template_discard"], NETWORK_STAFF
    ),
    **dict.fromkeys(["work_project_list", "work_workshops", "work_workshop_new"], ANY_COORDINATOR),
    **dict.fromkeys(
        [
            "work_hours", "work_hours_people", "work_hours_cut", "work_hours_csv",
            "work_manual_hours_waiting", "work_calls", "work_radar_all",
        ],
        ANY_COORDINATOR,
    ),
    **dict.fromkeys(
        ["work_manual_hours_approve", "work_manual_hours_refuse", "work_call", "work_radar"], NETWORK_STAFF
    ),
    "work_manual_hours_take_back": {"trainer"},
    "work_manual_hours": WHO_LEADS,
    **dict.fromkeys(
        ["work_project", "work_ledger", "work_ledger_csv", "work_staff", "work_staff_end"], NETWORK_STAFF
    ),
    **dict.fromkeys(
        [
            "work_workshop_edit", "work_publish", "work_workshop_cancel", "work_sessions", "work_people",
            "work_people_add", "work_people_new", "work_trail", "work_approve", "work_decline", "work_revoke",
            "work_session_move", "work_session_edit", "work_session_cancel", "work_people_join",
            "work_person", "work_card", "work_card_revoke", "work_paper_consents", "work_person_sheet",
        ],
        NETWORK_STAFF,
    ),
    **dict.fromkeys(
        [
            "work_questions", "work_question_new", "work_question_edit", "work_question_delete",
            "work_question_move", "work_invitation", "work_answers", "work_needs",
        ],
        NETWORK_STAFF,
    ),
    "work_workshop": NETWORK_STAFF,
    **dict.fromkeys(
        [
            "work_workshop_sheets", "work_session_paper", "work_sheet", "work_sheet_pdf", "work_head_count",
            "work_poster",
        ],
        WHO_LEADS,
    ),
    "work_evidence": NETWORK_STAFF,
    **dict.fromkeys(
        ["work_attendance", "work_roll", "work_placement", "work_place", "work_walk_in"], WHO_LEADS
    ),
    **dict.fromkeys(
        [
            "work_assistance", "work_institutions", "work_institution_new", "work_assistants",
            "work_assistant_new", "work_trained",
        ],
        ANY_COORDINATOR,
    ),
    **dict.fromkeys(
        [
            "work_assistance_request", "work_candidates", "work_assign", "work_choose", "work_choice",
            "work_look_again", "work_one", "work_replace", "work_review", "work_take_on", "work_ask",
            "work_request_decline", "work_change", "work_move", "work_details",
            "work_withdraw", "work_cancel", "work_institution",
            "work_agreement_new", "work_agreement", "work_agreement_end",
            "work_assistant", "work_assistant_suspend",
        ],
        NETWORK_STAFF,
    ),
    **dict.fromkeys(
        [
            "work_assistant_profile", "work_assistant_hours",
            "work_assistant_languages", "work_assistant_language_verify",
            "work_assistant_language_drop", "work_assistant_papers", "work_assistant_on_paper",
            "work_assistant_sheet", "work_assistant_training_add", "work_assistant_training_drop",
            "work_assistant_conflicts", "work_assistant_conflict_drop",
        ],
        NETWORK_STAFF,
    ),
    **dict.fromkeys(
        [
            "assistant_papers", "assistant_paper", "assistant_profile", "assistant_language_add",
            "assistant_conflicts",
        ],
        ANY_ASSISTANT,
    ),
    **dict.fromkeys(["assistant_language_drop", "assistant_conflict_drop"], ASSISTANT),
    # whoever looks after an institution
    **dict.fromkeys(
        [
            "unit_new", "unit", "unit_hours", "unit_close", "official_new", "official_seat", "official_name",
            "official_hand_over",
        ],
        KEEPERS,
    ),
    "official_end": KEEPERS | {"official"},
    "own_institution": ANY_OFFICIAL,
    # papers of a month
    **dict.fromkeys(["work_settlement", "work_settlement_make", "work_settlement_file"], ANY_COORDINATOR),
    **dict.fromkeys(
        ["hours_sheet", "hours_sheet_sign", "hours_sheet_renew", "hours_sheet_file"],
        NETWORK_STAFF | ASSISTANT,
    ),
    **dict.fromkeys(["statement", "statement_sign", "statement_file"], KEEPERS),
    **dict.fromkeys(["own_sheets", "own_sheet_make"], ANY_ASSISTANT),
    "own_statements": {"office_administrator"},
    "own_institution_edit": {"office_administrator"},
    # an order on its way
    **dict.fromkeys(["work_waiting", "work_request_new"], ANY_COORDINATOR),
    **dict.fromkeys(
        [
            "assistance_draft", "assistance_check", "assistance_send", "assistance_draft_delete",
            "assistance_leave_out", "assistance_answer", "assistance_change", "assistance_move",
            "assistance_move_back", "assistance_details",
        ],
        OFFICIALS,
    ),
    "assistant_change": ASSISTANT,
    # an institution
    **dict.fromkeys(["assistance", "assistance_new"], ANY_OFFICIAL),
    **dict.fromkeys(
        [
            "assistance_request", "assistance_cancel", "assistance_confirm", "assistance_dispute",
            "assistance_one",
        ],
        OFFICIALS,
    ),
    # an assistant
    # the day and what follows
    **dict.fromkeys(["assistant_here", "assistant_late", "assistant_absent"], ASSISTANT),
    "assistant_glossary": ANY_ASSISTANT,
    **dict.fromkeys(["assistance_late", "assistance_absent"], OFFICIALS),
    **dict.fromkeys(["work_after", "work_glossary"], ANY_COORDINATOR),
    **dict.fromkeys(
        [
            "work_job_approve", "work_job_dispute", "work_job_decide", "work_job_correct", "work_talk",
            "work_job_confirm", "work_job_report", "work_term",
        ],
        NETWORK_STAFF,
    ),
    **dict.fromkeys(["assistant_home", "assistant_hours", "days_off_add", "extra_hours_add"], ANY_ASSISTANT),
    "open_jobs": ANY_ASSISTANT,
    "open_job_interested": ASSISTANT,
    **dict.fromkeys(
        [
            "days_off_drop", "extra_hours_drop", "assistant_offer", "offer_accept", "offer_refuse",
            "offer_accept_series", "offer_interested", "assistant_job", "assistant_withdraw",
            "assistant_report",
        ],
        ASSISTANT,
    ),
}  # fmt: skip

CERTIFICATES = {
    **dict.fromkeys(["certificate", "certificate_check"], EVERYBODY),
    "my_certificates": SIGNED_IN,
    **dict.fromkeys(["my_certificate_pdf", "my_certificate_again"], MIGRANT),
    **dict.fromkeys(
        [
            "work_certificates", "work_certificates_draft", "work_certificate", "work_certificate_pdf",
            "work_certificate_throw_away",
        ],
        WHO_LEADS,
    ),
    **dict.fromkeys(
        [
            "work_certificates_issue", "work_certificates_pdf", "work_certificate_new",
            "work_certificate_issue", "work_certificate_revoke", "work_certificate_reissue",
        ],
        NETWORK_STAFF,
    ),
}  # fmt: skip
TABLE |= CERTIFICATES

TABLE |= {
    # codes at the door
    **dict.fromkeys(["check_in", "my_code_by_link", "roll_worker"], EVERYBODY),
    "check_in_digits": SIGNED_IN,
    "my_code": {"migrant"},
    **dict.fromkeys(["work_code", "work_check_in"], WHO_LEADS),
}

TABLE |= {
    # what the assistance network can say of itself
    **dict.fromkeys(
        ["work_figures", "work_figures_csv", "work_unmet", "work_unmet_publish"], ANY_COORDINATOR
    ),
    "work_unmet_take_back": NETWORK_STAFF,
    **dict.fromkeys(["unmet_need", "unmet_need_pdf"], EVERYBODY),
}

TABLE |= {
    # what people say afterwards
    **dict.fromkeys(["assistance_feedback", "assistance_wish", "assistance_complaint"], OFFICIALS),
    **dict.fromkeys(["assistant_feedback", "assistant_complaint"], ASSISTANT),
    # Whoever complained reads it, nobody else of her office.
    **{key: {"official"} for key in ["complaint", "complaint_take_back"]},
    "complaint_view": ASSISTANT,
    **dict.fromkeys(
        ["work_complaints", "work_feedback", "work_blocks", "work_block_new", "work_smiles"], ANY_COORDINATOR
    ),
    **dict.fromkeys(
        [
            "work_complaint", "work_complaint_look", "work_complaint_ask", "work_complaint_decide",
            "work_wish_decide", "work_block_lift",
        ],
        NETWORK_STAFF,
    ),
    **dict.fromkeys(["smile", "smile_start", "smile_cards"], EVERYBODY),
}  # fmt: skip

#: Addresses with rules of their own, tried elsewhere: signing in (tests/portal), steps that need a state
#: of the session (tests/workshops), readiness of the servers.
ELSEWHERE = {"health_ready", "register_consents", "register_finish", "work_marks", "work_sheet_scan"}
ELSEWHERE_PREFIXES = ("account_", "mfa_", "admin:")


@dataclass
class Scene:
    people: dict = field(default_factory=dict)
    arguments: dict = field(default_factory=dict)
    #: What a POST has to say for its address to name an object.
    data: dict = field(default_factory=dict)


@pytest.fixture
def scene(
    project, other_project, theme, institution, migrant, other_migrant, trainer, coordinator, official,
    assistant, administrator, outsider,
) -> Scene:  # fmt: skip
    consents.load_texts()
    workshop = factories.make_workshop(
        theme=theme,
        trainers=[trainer],
        sessions=[(0, "00:01", 30), (7, "17:00", 120)],
        takes_children=True,
    )
    child = families.add_child(
        migrant, call_me="Daryna", birth_year=timezone.localdate().year - 7, by=migrant
    )
    place = factories.make_registration(workshop, migrant)
    wish = factories.make_registration(workshop, other_migrant, state=Registration.State.REQUESTED)
    today, _later = workshop.sessions.order_by("start_at")
    question = Question.objects.create(workshop=workshop, text_pl="Czy masz laptop?", kind="yes_no")
    skill = LanguageSkill.objects.create(user=migrant, language="uk", spoken="native")
    abroad = factories.make_institution(other_project)
    keeper = factories.make_official(institution, is_administrator=True)
    offered = _ask(institution, official, days=factories.AHEAD)
    taken = _ask(institution, official, days=factories.AHEAD + 3)
    offers.accept(Offer.objects.get(request=taken), by=assistant)
    held = _ask(institution, official, days=factories.AHEAD + 4)
    job = offers.accept(Offer.objects.get(request=held), by=assistant)
    past = timezone.now() - timedelta(hours=3)
    type(held).objects.filter(pk=held.pk).update(start_at=past, end_at=past + timedelta(hours=1))
    follow_up.ask_for_report(held.pk)
    time_reports.report_times(
        Assignment.objects.get(pk=job.pk),
        by=assistant,
        start_at=past,
        end_at=past + timedelta(hours=1),
        travel_minutes=0,
        wants_to_talk=True,
    )
    day_off = AvailabilityException.objects.create(
        assistant=assistant.assistant, starts_on=timezone.localdate(), ends_on=timezone.localdate()
    )
    extra = day_off.assistant.extra_hours.create(day=day_off.ends_on, starts=time(18), ends=time(20))
    written = manual_hours.enter(
        place, on=timezone.localdate(), minutes=45, reason="Lekcja", by=trainer, even_so=True
    )
    by_hand = {"pk": written.pk}
    staying.ask_for_call(place, today)
    sheet_id = {"public_id": sheets.print_sheet(today, by=trainer, language="uk").public_id}
    slug, held_id, taken_id = (
        {"slug": workshop.slug},
        {"public_id": held.public_id},
        {"public_id": taken.public_id},
    )
    her_code = {"code": check_in.her_code(place)}
    taken_job = {"public_id": taken.assignments.get().public_id}
    offer = {"public_id": Offer.objects.get(request=offered).public_id}
    office, network, session = {"slug": institution.slug}, {"slug": project.slug}, {"pk": today.pk}
    waiting = factories.make_registration(workshop, state=Registration.State.OFFERED)
    seat = SeatOffer.objects.create(
        registration=waiting, offered_at=timezone.now(), until=timezone.now() + timedelta(days=1)
    )
    wish_id, place_id = {"public_id": wish.public_id}, {"public_id": place.public_id}
    template = copies.save_as_template(workshop, by=coordinator)
    arguments = {
        "calendar_feed": {"token": calendars.open_feed(outsider).token},
        "work_workshop_copy": {"slug": workshop.slug},
        "work_workshop_template": {"slug": workshop.slug},
        "work_template_discard": {"slug": template.slug},
        "seat_offer": {"public_id": seat.public_id},
        "card_link": {"code": "K7WM-3QPX-9TRD"}, "child_remove": {"public_id": child.public_id},
        **dict.fromkeys(["register_family", "child_add", "family_cancel", "work_people_join"], slug),
        **dict.fromkeys(["work_person", "work_card", "work_card_revoke", "work_paper_consents"], place_id),
        "work_person_sheet": place_id | {"language": "uk"}, "work_consent_sheet": {"language": "uk"},
        "work_walk_in": {"pk": today.pk},
        "work_teaching_file": {"public_id": trainer.public_id, "form": "pdf"},
        "work_code": {"pk": today.pk}, "check_in": {"code": check_in.code_on_screen(today)},
        "my_code_by_link": {"code": door_links.link_code(place)}, "work_check_in": her_code,
        "my_code": {"slug": workshop.slug},
        "work_session": {"pk": today.pk}, "work_roll": {"pk": today.pk}, "work_project_list": {},
        "work_project": {"slug": project.slug}, "work_ledger": {"slug": project.slug},
        "work_staff": {"slug": project.slug}, "project_page": {"slug": project.slug},
        "project_pdf": {"slug": project.slug}, "work_approve": wish_id, "work_decline": wish_id,
        "work_revoke": place_id, "profile_language_remove": {"pk": skill.pk},
        "profile_consent": {"purpose": "newsletter"}, "days_off_drop": {"pk": day_off.pk},
        "extra_hours_drop": {"pk": extra.pk},
        "assistance_request": taken_id, "assistance_cancel": taken_id, "assistance_confirm": held_id,
        "assistance_dispute": held_id, "work_assistance_request": taken_id, "work_assign": taken_id,
        "work_candidates": {"public_id": offered.public_id},

        "work_withdraw": taken_job, "work_replace": taken_job, "offer_interested": offer,
        **dict.fromkeys(
            ["work_choose", "work_choice", "work_look_again", "work_one", "assistance_one"], taken_id
        ),
        "work_cancel": taken_id, "assistant_offer": offer, "offer_accept": offer,
        "offer_accept_series": offer, "offer_refuse": offer,
        "assistant_job": taken_job, "assistant_withdraw": taken_job,
        **_of_day(job, held, assistant),
        "assistant_report": {"public_id": job.public_id}, "work_institution": office,
        **_of_institution(institution, seat_of=official),
        **_of_order(taken, offered, by=official, asked_by=coordinator),
        **_of_month(institution, assistant.assistant),
        "open_job_interested": {"public_id": offered.public_id},
        **_of_assistant(assistant),
        "workshop": slug, "workshop_calendar": slug, "register": slug, "cancel_registration": slug,
        "work_question_edit": {"pk": question.pk}, "work_question_delete": {"pk": question.pk},
        "work_question_move": {"pk": question.pk}, "work_questions": slug, "work_question_new": slug,
        "work_invitation": slug, "work_answers": slug, "work_needs": slug, "work_placement": slug,
        "work_place": place_id,
        "my_needs": slug, "workshop_invited": slug | {"key": workshop.invitation_key},
        **dict.fromkeys(
            [
                "work_workshop", "work_workshop_edit", "work_publish", "work_workshop_cancel",
                "work_sessions", "work_people", "work_people_add", "work_people_new", "work_attendance",
                "work_trail",
            ],
            slug,
        ),
        **dict.fromkeys(["work_session_move", "work_session_edit", "work_session_cancel"], session),
        **dict.fromkeys(["work_ledger_csv", "work_staff_end", "work_evidence"], network),
        **dict.fromkeys(["work_sheet", "work_sheet_pdf"], sheet_id),
        **dict.fromkeys(["work_session_paper", "work_head_count"], session),
        **dict.fromkeys(["work_workshop_sheets", "work_poster"], slug),
        "work_manual_hours_approve": by_hand, "work_manual_hours_refuse": by_hand,
        "work_manual_hours_take_back": by_hand,
        "work_manual_hours": slug,
        "work_hours_cut": {"cut": "workshops"}, "work_hours_csv": {"cut": "people"},
        "work_radar": slug, "work_call": {"pk": place.call_tasks.get().pk},
        "missed_meetings": {"token": staying.token_of(place, today.pk)},
    }  # fmt: skip
    arguments |= _said_afterwards(job, taken, official, coordinator)
    paper = make_certificate(place, state="issued")
    paper_id = {"public_id": paper.public_id}
    arguments |= dict.fromkeys(CERTIFICATES, paper_id) | {
        "certificate_check": {},
        "my_certificates": {},
        "certificate": {"code": paper.code},
        **dict.fromkeys(
            [
                "work_certificates", "work_certificates_draft", "work_certificates_issue",
                "work_certificates_pdf",
            ],
            slug,
        ),
        "work_certificate_new": place_id,
    }  # fmt: skip
    report_id = {"public_id": factories.make_unmet_report(project).public_id}
    arguments |= dict.fromkeys(["work_unmet_take_back", "unmet_need", "unmet_need_pdf"], report_id)
    return Scene(
        people={
            "migrant": migrant,
            "other_migrant": other_migrant,
            "trainer": trainer,
            "coordinator": coordinator,
            "official": official,
            "office_administrator": keeper,
            "assistant": assistant,
            "administrator": administrator,
            "outsider": outsider,
            "other_coordinator": factories.make_staff(other_project),
            "other_trainer": factories.make_staff(other_project, ProjectStaff.Role.TRAINER),
            "other_official": factories.make_official(abroad),
            "other_assistant": factories.make_assistant(other_project).user,
            "stranger": None,
        },
        arguments=arguments,
        data={
            "smile": {"face": "3"},
            "work_choose": {"offer": Offer.objects.get(request=taken).public_id},
            "work_staff_end": {"staff": project.staff.get(user=trainer).pk},
            "work_assign": {"assistant": assistant.public_id},
        },
    )


def _of_assistant(person) -> dict:
    helper, one = person.assistant, {"public_id": person.public_id}
    skill = {"pk": person.language_skills.get(language="uk").pk}
    conflict = {"pk": helper.conflicts.create(town="Chełmża").pk}
    training = {"pk": helper.trainings.create(subject="bank", trained_on=timezone.localdate()).pk}
    return {
        **dict.fromkeys(
            [
                "work_assistant", "work_assistant_suspend", "work_assistant_profile",
                "work_assistant_hours", "work_assistant_languages", "work_assistant_papers",
                "work_assistant_on_paper", "work_assistant_training_add", "work_assistant_conflicts",
            ],
            one,
        ),
        **dict.fromkeys(["work_assistant_language_verify", "work_assistant_language_drop"], one | skill),
        "work_assistant_sheet": one | {"language": "uk"},
        "work_assistant_training_drop": one | training,
        "work_assistant_conflict_drop": one | conflict,
        "assistant_paper": {"paper": "confidentiality"},
        "assistant_language_drop": skill,
        "assistant_conflict_drop": conflict,
    }  # fmt: skip


def _of_institution(institution, *, seat_of) -> dict:
    agreement = {"pk": institution.agreements.get().pk}
    office, unit = {"slug": institution.slug}, {"pk": institution.units.get().pk}
    seat = {"pk": institution.officials.get(user=seat_of).pk}
    return {
        **dict.fromkeys(["work_agreement_new", "unit_new", "official_new", "own_institution_edit"], office),
        **dict.fromkeys(["work_agreement", "work_agreement_end"], agreement),
        **dict.fromkeys(["unit", "unit_hours", "unit_close"], unit),
        **dict.fromkeys(["official_seat", "official_name", "official_hand_over", "official_end"], seat),
    }


def _of_month(institution, assistant) -> dict:
    month = settlement.months_back(2)[1]
    sheet = HoursSheet.objects.create(assistant=assistant, month=month)
    statement = Statement.objects.create(institution=institution, month=month, first_signed_at=timezone.now())
    sheet_id, statement_id = {"public_id": sheet.public_id}, {"public_id": statement.public_id}
    return {
        **dict.fromkeys(["hours_sheet", "hours_sheet_sign", "hours_sheet_renew"], sheet_id),
        **dict.fromkeys(["statement", "statement_sign"], statement_id),
        "hours_sheet_file": sheet_id | {"form": "pdf"},
        "statement_file": statement_id | {"form": "xlsx"},
        "own_statements": {"slug": institution.slug},
    }


def _ask(institution, official, *, days: int):
    return requests.submit(
        institution,
        by=official,
        start_at=factories.at(days, "10:00"),
        minutes=60,
        subject="health",
        language="uk",
        town=institution.town,
        county=institution.county,
    )


def _of_order(taken, offered, *, by, asked_by) -> dict:
    """A draft, a request about which the network has a question, and a meeting that shall be moved."""
    order = {"language": "uk", "subject": "health", "town": "Toruń"}
    start = factories.at(factories.AHEAD + 1, "10:00")
    draft = requests.save_draft(taken.institution, by=by, start_at=start, minutes=60, **order)
    long = requests.submit(taken.institution, by=by, start_at=start, minutes=150, **order)
    questions.ask(long, by=asked_by, text="Jaka odmiana?")
    later = {"start_at": taken.start_at + timedelta(hours=2), "minutes": 60, "mode": "on_site"}
    (change,) = proposals.propose(taken, by=by, **later)
    of_draft = ["assistance_draft", "assistance_check", "assistance_send", "assistance_draft_delete"]
    of_question = ["assistance_answer", "work_review", "work_take_on", "work_ask", "work_request_decline"]
    of_taken = ["assistance_move", "assistance_move_back", "assistance_details", "work_move", "work_details"]
    return {
        **{key: {"public_id": draft.public_id} for key in [*of_draft, "assistance_leave_out"]},
        **{key: {"public_id": long.public_id} for key in of_question},
        **{key: {"public_id": taken.public_id} for key in of_taken},
        **{key: {"public_id": offered.public_id} for key in ["assistance_change", "work_change"]},
        "assistant_change": {"public_id": change.public_id},
    }


def _said_afterwards(job, taken, official, coordinator) -> dict:
    """A complaint about which the assistant was asked, a wish, a block, and the client's page."""
    complaint = complaints.complain(
        job.request, by=official, side="official", category="late", text="Za długo.", assignment=job
    )
    complaints.ask_other_side(complaint, by=coordinator, question="O której było spotkanie?")
    pair = {
        "institution": job.request.institution,
        "assistant": factories.make_assistant(job.request.institution.project, languages=("vi",)),
    }
    wish = BlockWish.objects.create(**pair, origin="official")
    block = Block.objects.create(**pair, reason="other", made_by=coordinator)
    its, done = {"public_id": complaint.public_id}, {"public_id": job.public_id}
    return {
        **dict.fromkeys(
            [
                "complaint", "complaint_take_back", "complaint_view", "work_complaint", "work_complaint_look",
                "work_complaint_ask", "work_complaint_decide",
            ],
            its,
        ),
        **dict.fromkeys(
            ["assistance_feedback", "assistance_wish", "assistant_feedback", "assistant_complaint"], done
        ),
        "assistance_complaint": {"public_id": taken.public_id},
        "work_wish_decide": {"pk": wish.pk}, "work_block_lift": {"pk": block.pk},
        "smile": {"code": smiles.code_of(job)},
    }  # fmt: skip


def _of_day(job, held, person) -> dict:
    """A meeting that is over, its hours, and a word that was suggested after it."""
    one, both = {"public_id": job.public_id}, {"public_id": held.public_id, "job": job.public_id}
    word = {"polish": "skierowanie", "translation": "направлення"}
    term = terms.suggest(person.assistant, by=person, subject="health", language="uk", **word)
    of_job = ["assistant_here", "assistant_late", "assistant_absent", "work_talk", "work_job_approve"]
    of_job += [
        "work_job_dispute", "work_job_decide", "work_job_correct", "work_job_confirm", "work_job_report",
    ]  # fmt: skip
    of_both = dict.fromkeys(["assistance_late", "assistance_absent"], both)
    return dict.fromkeys(of_job, one) | of_both | {"work_term": {"pk": term.pk}}
