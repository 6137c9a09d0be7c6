"""The code of conduct and the promise of confidentiality: accepted by her, taken back, or signed on paper."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from institutions import new_people, paper_emails
from institutions.assistants import coming_jobs, refuse_others
from institutions.models import Assistant
from institutions.officials import refuse_foreign
from institutions.papers_of_assistants import ACCEPTED, Paper, Why, sentence_of
from participants import consents
from participants.models import ConsentEvent, ConsentText
from portal.models import User
from portal.refusals import Refused

ASSISTANTS = ConsentText.Audience.ASSISTANTS


class NoSuchText(Refused):
    sentence = _("This text is not in the portal yet. Please write to the administrator.")


class TextHasChanged(Refused):
    sentence = _("There is a new version of this text. Please read it again.")


def text_of(paper: Paper, language: str) -> ConsentText | None:
    """The present words, in ``language`` or the nearest one they exist in."""
    texts = {text.purpose: text for text in consents.current_texts(language, audience=ASSISTANTS)}
    return texts.get(paper) if paper in ACCEPTED else None


@transaction.atomic
def accept(assistant: Assistant, paper: Paper, *, version: str, language: str, by: User) -> ConsentEvent:
    """She has read the words in ``language`` and agrees. ``version``: of the words that she read."""
    refuse_others(assistant, by)
    text = text_of(paper, language)
    if text is None:
        raise NoSuchText
    if text.version != version:
        raise TextHasChanged
    new_people.may_be_able(assistant)
    return consents.give(assistant.user, text, by=by)


@transaction.atomic
def take_back(assistant: Assistant, paper: Paper, *, by: User) -> ConsentEvent | None:
    """From now on no offers; jobs she agreed to stay hers until she or a coordinator gives them up. Without
    the promise of confidentiality she does not see where they are: ``disclosure``.
    """
    refuse_others(assistant, by)
    event = consents.withdraw(assistant.user, paper, by=by)
    if event:
        paper_emails.paper_taken_back(
            assistant,
            event,
            sentence=sentence_of(paper, Why.MISSING),
            job_count=len(coming_jobs(assistant)),
        )
    return event


@transaction.atomic
def record_on_paper(assistant: Assistant, paper: Paper, *, language: str, by: User) -> ConsentEvent:
    """A coordinator holds the sheet that she signed, in the present words."""
    refuse_foreign(assistant.project, by)
    text = text_of(paper, language)
    if text is None:
        raise NoSuchText
    new_people.may_be_able(assistant)
    return consents.give(assistant.user, text, by=by, channel="paper")
