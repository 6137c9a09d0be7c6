"""Who should not go to which institution again. Officials wish, a coordinator decides (features.md G8).

The assistant is told nothing of a wish, nor who had it; an official sees only that hers was noted. A
coordinator who interprets herself learns and decides nothing of what is about her (``impartiality``).
"""

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from institutions import attempts, impartiality, new_people, voice_emails
from institutions.models import (
    Assignment,
    AssistanceRequest,
    Assistant,
    Block,
    BlockWish,
    Institution,
)
from institutions.transitions import NotYours, ReasonNeeded, is_official_of, lock
from portal import audit
from portal.models import User
from portal.refusals import Refused
from projects.models import Project

Origin, Decision = BlockWish.Origin, BlockWish.Decision


class NothingToDecide(Refused):
    sentence = _("This wish has been decided already.")


class AboutYourself(Refused):
    sentence = _("This is about you. Somebody else decides it.")


@transaction.atomic
def wish(assignment: Assignment, *, by: User, origin: str = Origin.OFFICIAL) -> BlockWish | None:
    """An official would rather not have this assistant again. None where it is so already.

    One wish about one assistant waits at a time, of those who know of one another's.
    """
    request = lock(assignment.request_id)
    if not is_official_of(by, request):
        raise NotYours
    pair = {"institution": request.institution, "assistant": assignment.assistant}
    if Block.objects.filter(**pair, lifted_at__isnull=True).exists():
        return None
    if held := wishes_of(by).filter(**pair, decision="").first():
        return held
    wished, is_new = BlockWish.objects.get_or_create(
        **pair, decision="", made_by=by, defaults={"request": request, "origin": origin}
    )
    if is_new:
        audit.record("block.wished", wished, by=by, institution=request.institution_id, origin=origin)
        people = impartiality.others_than(assignment.assistant.user, request)
        voice_emails.block_wished(wished, request, people)
    return wished


@transaction.atomic
def take_wish_back(assignment: Assignment, *, by: User, origin: str = "") -> None:
    """It was not meant so. ``origin``: only if it came from there. Twice is harmless."""
    request = lock(assignment.request_id)
    if not is_official_of(by, request):
        raise NotYours
    waiting = wishes_of(by).filter(
        institution=request.institution, assistant=assignment.assistant, decision=""
    )
    if origin:
        waiting = waiting.filter(origin=origin, request=request)
    for held in waiting.select_for_update():
        _decide(held, Decision.TAKEN_BACK, by=by)


@transaction.atomic
def decide(wished: BlockWish, *, by: User, blocks: bool, reason: str = "") -> BlockWish:
    """A coordinator follows the wish, or not."""
    _refuse_foreign(wished.institution, wished.assistant, by)
    if blocks:
        block(wished.institution, wished.assistant, by=by, reason=reason)
    wished = BlockWish.objects.select_for_update().get(pk=wished.pk)
    decision = Decision.BLOCKED if blocks else Decision.KEPT
    if wished.decision == "":
        _decide(wished, decision, by=by)
    elif wished.decision != decision:
        raise NothingToDecide
    return wished


@transaction.atomic
def block(institution: Institution, assistant: Assistant, *, by: User, reason: str) -> Block:
    """From now on she is not asked for this institution. What she has agreed to already stays.

    Offers of its requests that she has not answered are called off without a word.
    """
    _refuse_foreign(institution, assistant, by)
    if assistant.project_id != institution.project_id:
        raise NotYours
    if reason not in Block.Reason.values:
        raise ReasonNeeded
    pair = {"institution": institution, "assistant": assistant}
    made, is_new = Block.objects.get_or_create(
        **pair, lifted_at=None, defaults={"reason": reason, "made_by": by}
    )
    if is_new:
        audit.record(
            "block.made", made, by=by, institution=institution.pk, assistant=assistant.pk, reason=reason
        )
        theirs = AssistanceRequest.objects.filter(institution=institution)
        attempts.withdraw_offers(assistant, requests=theirs)
        for wished in BlockWish.objects.filter(**pair, decision="").select_for_update():
            _decide(wished, Decision.BLOCKED, by=by)
    return made


@transaction.atomic
def lift(held: Block, *, by: User) -> Block:
    """She may be asked for this institution again."""
    held = (
        Block.objects.select_for_update(of=("self",))
        .select_related("institution", "assistant")
        .get(pk=held.pk)
    )
    _refuse_foreign(held.institution, held.assistant, by)
    if held.lifted_at:
        return held
    held.lifted_by, held.lifted_at = by, timezone.now()
    held.save(update_fields=["lifted_by", "lifted_at"])
    new_people.may_be_able(held.assistant)
    audit.record("block.lifted", held, by=by, institution=held.institution_id, assistant=held.assistant_id)
    return held


def coming_jobs(pairs: list[tuple[int, int]]) -> QuerySet[Assignment]:
    """Meetings still to come of these pairs of institution and assistant: a coordinator may replace her."""
    institutions, assistants = {pair[0] for pair in pairs}, {pair[1] for pair in pairs}
    return (
        Assignment.objects.filter(
            request__institution__in=institutions,
            assistant__in=assistants,
            state=Assignment.State.ACTIVE,
            request__start_at__gt=timezone.now(),
        )
        .select_related("request")
        .order_by("request__start_at", "pk")
    )


def wishes_of(user: User) -> QuerySet[BlockWish]:
    """Of which an official may know: she had it herself, or sees the request for which it was made."""
    seen = AssistanceRequest.objects.visible_to(user)
    return BlockWish.objects.filter(Q(made_by=user) | Q(request__in=seen))


def noted_for(user: User) -> QuerySet[BlockWish]:
    """Of these, what a page calls noted: it waits, or it was followed and is in force."""
    pair = {"institution": OuterRef("institution"), "assistant": OuterRef("assistant")}
    in_force = Exists(Block.objects.filter(**pair, lifted_at__isnull=True))
    return wishes_of(user).filter(Q(decision="") | Q(in_force, decision=Decision.BLOCKED))


def is_wish_noted(request: AssistanceRequest, assistant: Assistant, *, by: User) -> bool:
    wishes = noted_for(by).filter(institution=request.institution_id, assistant=assistant.pk)
    return wishes.exists()


def _decide(wished: BlockWish, decision: str, *, by: User) -> None:
    wished.decision, wished.decided_by, wished.decided_at = decision, by, timezone.now()
    wished.save(update_fields=["decision", "decided_by", "decided_at"])
    audit.record("block.wish_decided", wished, by=by, decision=decision)


def _refuse_foreign(institution: Institution, assistant: Assistant, by: User) -> None:
    if not Project.objects.coordinated_by(by).filter(pk=institution.project_id).exists():
        raise NotYours
    if assistant.user_id == by.pk:
        raise AboutYourself
