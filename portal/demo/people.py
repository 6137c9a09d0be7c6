"""The people of the demo."""

from allauth.account.models import EmailAddress

from participants import consents
from participants.models import LanguageSkill, Participant
from portal.demo import ACCOUNTS
from portal.demo.texts import load
from portal.models import User


def make_people(say) -> list[User]:
    """Everyone in ``people.json``, in its order."""
    say("people")
    consents.load_texts()
    people = [_person(number, facts) for number, facts in enumerate(load("people"))]
    for person in people:
        agree(person)
    return people


def agree(user: User) -> None:
    """To what everybody who takes part agrees to; on paper where she does not sign in."""
    for text in consents.missing_required(user, user.language):
        consents.give(user, text, by=user, channel="online" if user.email else "paper")


def make_account(role: str, *, full_name: str, language: str = "pl", **fields) -> User:
    """One of the people whom a visitor may sign in as."""
    user = User.objects.create_user(
        ACCOUNTS[role], full_name=full_name, call_me=full_name.split()[0], language=language, **fields
    )
    verify_address(user)
    return user


def hand_account(user: User, role: str) -> User:
    """Make somebody who is already in the network the one a visitor signs in as."""
    EmailAddress.objects.filter(user=user).delete()
    user.email = ACCOUNTS[role]
    user.save(update_fields=["email"])
    verify_address(user)
    return user


def verify_address(user: User) -> None:
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)


def _person(number: int, facts: dict) -> User:
    # Every twelfth has no e-mail address: she is known to the network, staff register her.
    email = None if number % 12 == 11 else f"person{number}@people.example"
    user = User.objects.create_user(
        email,
        full_name=facts["full_name"],
        call_me=facts["call_me"],
        name_original=facts.get("name_original") or "",
        language=facts["language"],
    )
    if email:
        verify_address(user)
    Participant.objects.create(
        user=user,
        gender=facts["gender"],
        birth_year=facts["birth_year"],
        citizenship_group=facts["citizenship_group"],
        town=facts["town"],
        county=facts["town"],
        voivodeship="04",
    )
    LanguageSkill.objects.bulk_create(
        LanguageSkill(
            user=user,
            language=skill["code"],
            spoken=skill["spoken"],
            written=skill.get("written") or "",
        )
        for skill in facts["languages"]
    )
    return user
