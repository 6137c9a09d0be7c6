"""Rules that an organisation may change; the defaults are from docs, section by section of domain.md.

Settings like all others: ``portal.settings`` takes them all over. "P" marks a figure of our own choosing.
"""

import environ
from django.utils.translation import gettext_lazy as _

env = environ.Env()

QUIET_HOURS = (env.int("QUIET_HOURS_FROM", default=20), env.int("QUIET_HOURS_TO", default=8))  # B2.7
REMIND_SINGLE_MINUTES = [3 * 24 * 60, 24 * 60]  # B2.7: single events and interpreting
REMIND_WEEKLY_MINUTES = [24 * 60]  # B2.7: weekly classes
WORKSHOP_CAPACITY = 12  # B1.5
CANCEL_UNTIL_HOURS = 24
OFFER_HOURS = 48  # B1.6: a freed place is kept so long for the next on the waiting list
OFFER_SHORTEST_HOURS = 3  # with less time to answer before the start no place is offered
ATTENDANCE_PERCENT = 80  # B1.1: common in training paid by the European Union; 50 and 75 are in use too
MISSED_BEFORE_ENCOURAGING = 2  # B2.7: then an encouraging message, and later a call
MANUAL_MINUTES_A_DAY = 480  # at most so much can be written by hand for one person and one day
NEEDS_KEPT_DAYS = 7  # practical needs and sensitive answers, after the last meeting
USUALLY_MISSED_MINUTES = 15  # by who comes late or leaves early, where the roll does not say it
CARD_DAYS = 30  # D8: a printed one-time card is good so long
CARD_SESSION_MINUTES = 60  # and opens her own page for so long
CHILDREN_AT_MOST = 12  # whom one person may add as hers
SLIP_MINUTES = 60  # so long the same person may put a mark right without giving a reason
ROLL_KEPT_HOURS = 12  # a roll stays so long on the phone that opened it, for places without signal
CHECK_IN = {
    "opens_minutes_before": 30,  # lessons.md C: opens and closes around the start
    "closes_minutes_after": 60,
    "late_after_minutes": 10,  # until then a code at the door still means that she came in time
    "code_changes_seconds": 30,  # lessons.md C: it rotates, so a photo of it is soon worthless
    "code_lasts_seconds": 90,
    "sign_in_minutes": 15,  # who has to sign in first keeps the code she has read so long
}
SHEET_BLANK_ROWS = 5  # on a printed list for signatures, for people who come without having registered
SCAN_MEGABYTES = 10  # the largest scan of a signed list: about five photographs of a phone
ASSISTANCE = {
    # A6.6; the county is that of the town or one beside it, as a city and the county around it
    "travel_minutes": {"same_town": 30, "same_county": 60, "next_county": 60, "elsewhere": 90, "remote": 15},
    "max_minutes_a_day": 240,  # A6.6
    "max_minutes_a_week": 900,  # A6.6
    "notice_minutes": {"urgent": 120, "emergency": 30},  # A5.5; planned: see planned_working_days
    "ahead_days_at_most": 730,  # a later day is a slip of the year; P
    "shortest_minutes": 15,
    "warn_over_minutes": 60,  # A6.5
    "second_assistant_over_minutes": 120,  # A6.5
    "tell_unfilled_hours_before": 24,  # A5.7
    "working_hours": (8, 16),  # A5.7; on working days, Polish public holidays excluded
    "planned_working_days": 2,  # A5.6
    "first_action_minutes": {"emergency": 60, "urgent": 240, "planned": 480},  # A5.7; of working time
    # A5.7; planned in working time, so that a day does not run out on a Sunday; urgent in waking hours
    "answer_minutes": {"emergency": 60, "urgent": 240, "planned": 480},
    "answer_shortest_minutes": 10,  # P
    "choose_minutes": {
        "emergency": 20,
        "urgent": 120,
        "planned": 480,
    },  # the coordinator among those interested; P
    # How many are asked at a time for one place; None: all who are left (U5). Sizes: P.
    "wave_sizes": {"emergency": [None], "urgent": [5, None], "planned": [3, 5, None]},
    "wave_grows_hours": {"emergency": [], "urgent": [4], "planned": [48, 24]},  # before the start; P
    "look_for_new_people_minutes": 15,  # while nobody was found, and nothing has changed; P
    # Told to an official for whom nobody was found (A5.7), after the network's own number where it has one.
    "phone_alternatives": [
        # IOM's line for migrants: https://migrant.info.pl; hours as published, to be checked before a release
        {"name": "Migrant Info (IOM)", "number": "+48224902044", "when": _("Monday to Friday, 9:00–17:00")},
    ],
    # What an institution asks for.
    "break_after_minutes": 40,  # A6.5
    "break_minutes": 5,  # A6.5
    "briefing_minutes": 10,  # A6.9; before and after, by default where it will be hard
    "phone_fits_minutes": 20,  # A6.8; short logistics
    "phone_longest_minutes": 45,  # A6.8; longer meetings are better face to face
    "place_reminder_hours_before": 24,  # an official whose assistant could not find the meeting; P
    "series_longest": 12,  # meetings asked for together; P
    "drafts_kept_days": 14,  # since they were last saved; P
    # The public list of the Ministry of Justice (A1.11), to be checked before a release.
    "sworn_interpreters_url": env.str(
        "SWORN_INTERPRETERS_URL",
        default="https://arch-bip.ms.gov.pl/pl/rejestry-i-ewidencje/tlumacze-przysiegli/"
        "lista-tlumaczy-przysieglych/search.html",
    ),
    "details_hidden_after_days": 30,  # A4
    "phone_hidden_after_hours": 24,  # A4
    # What is written in a request is deleted after it is over (C1.11), at the latest so long after its day.
    "texts_deleted_after_days": 30,
    "texts_deleted_at_latest_after_days": 120,  # P; a complaint that is open holds them back until then
    "case_numbers_deleted_after_days": 400,  # P; a year's statement needs them, and the same face for a case
    "complaint_texts_deleted_after_days": 180,  # P; since it was closed
    # What each side says afterwards.
    "feedback_days": 14,  # since the meeting; P
    "smile_minutes_before_end": 15,  # meetings end early; P
    "smile_days": 3,  # P
    "unmet_slip_minutes": 30,  # a map taken back so soon counts as never published; P
    "smiles_shown_from": 5,  # B4.10
    "complaint_days": 90,  # since the meeting; P
    "complaint_answer_days": 14,  # P
    "complaint_remind_days_before": 4,  # P; coordinators, once
    # The day itself, and what follows.
    "here_minutes_before": 60,  # so early an assistant can say that she is there
    "delays": [10, 20, 30],  # minutes she can say she will be late
    "late_after_minutes": 10,  # A5.4: then the institution may refuse her
    "absent_after_minutes": 15,  # so long both sides wait for a client; P
    "object_days": 7,  # so long the other side can speak against a no-show; P
    "code_tries": 5,  # wrong codes, until only the official can confirm
    "over_plan_minutes": 15,  # A5.8: what lasted longer is looked at by a coordinator
    "confirm_by_silence_days": 5,  # working days
    "remind_to_confirm_days": 3,  # working days
    # Hours that an assistant does not write down, or put right after a dispute; in working days. P
    "ask_for_hours_again_days": 2,
    "hours_to_coordinators_days": 5,
    # Of the planned time, where it was kept free for nothing (A5.5; the amount is a policy).
    "credit_percent": {
        "late_cancellation": 50,
        "replaced": 50,
        "client_no_show": 100,
        "institution_no_show": 100,
    },
    "debriefing_working_days": 2,  # A7.1
    "debriefing_wellbeing": 2,  # of 5, and below
    "terms_at_once": 2,  # suggested for the glossary with one report
    "late_cancellation_hours": 48,  # A5.5
    "agreement_ends_warn_days": (60, 30),
    "sign_reminder_days": 5,
    "lowest_level": "B1",  # of the language and of Polish, to interpret at all; P
    "fairness_days": 30,  # over which hours are compared; A6.2
    "experience_days": 365,  # in which earlier jobs on a subject count; P
    "open_jobs_days": 21,  # how far ahead assistants see jobs they could take; P
    "open_jobs_shown": 20,
    # Points of the score by which those who fit are asked (A6.2; lessons.md G). All figures: P.
    "score": {
        "level": {"B1": 0, "B2": 6, "C1": 12, "C2": 16, "native": 16},  # spoken
        "verified": 4,  # by the network
        "way": 15,  # the shortest way; the longest one gives nothing
        "same_case": 30,  # continuity: has been there in the same case of the institution
        "same_series": 25,  # goes to other meetings of the row
        "preferred": 25,  # the institution would like this one again
        "fairness": 60,  # at a whole gap less than the median; as much less at the gap above it
        "fairness_gap_minutes": 20 * 60,  # so far above the median she comes after all others
        "fairness_beyond_gap": 250,  # more than all other parts together
        "rest": 10,  # nothing else close by
        "rest_hours": 24,  # as long a rest before and after gives all of it
        "trained": 5,  # on the subject, where it is no must
        "experience": 10,  # with as many jobs on the subject as follow
        "experience_jobs": 5,
        "wish": 8,  # taken off for each wish that is not met
        "not_asked": 8,  # as many days ago as follow, or never
        "not_asked_days": 7,
        "interested": 30,  # came forward herself
    },
    # Without these nobody is sent to work (A6.1, A7.4); the child check only where minors are.
    "papers_required": [
        "code_of_conduct",
        "confidentiality",
        "contract",
        "insurance",
        "child_protection",
    ],
    "child_check_months": 12,  # A2.4; P
    "new_version_days": 14,  # to read and accept a new version; P
    "warn_of_papers_days": [30, 7, 0],  # before a paper ends; P
    "few_requests": 30,  # under so many a figure says how much one request changes it; P
    "suppress_under": 5,  # features.md U9
}
