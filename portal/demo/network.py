"""The network itself: its project, staff, institutions and assistants."""

from dataclasses import dataclass, field
from datetime import time, timedelta

from django.utils import timezone

from institutions.models import (
    Agreement,
    Assistant,
    Availability,
    Contract,
    Institution,
    Official,
    Training,
    Unit,
)
from participants import consents
from participants.models import LanguageSkill
from portal.demo.calendar import day
from portal.demo.people import hand_account, make_account, make_people, verify_address
from portal.demo.texts import columns, load
from portal.models import User
from projects import founding
from projects.models import Project, ProjectStaff

COORDINATORS = ["Joanna Malinowska", "Oksana Hrytsenko"]
TRAINERS = ["Tamar Beridze", "Marek Zieliński", "Iryna Savchuk", "Hanna Vasileuskaja", "Rania Haddad"]


@dataclass
class Network:
    """Whom and what the rest of the demo needs to find again."""

    project: Project
    people: list[User]
    coordinators: list[User] = field(default_factory=list)
    trainers: list[User] = field(default_factory=list)
    institutions: dict[str, Institution] = field(default_factory=dict)
    officials: dict[str, list[User]] = field(default_factory=dict)
    assistants: list[Assistant] = field(default_factory=list)


def make_network(say) -> Network:
    founding.load_founding_projects()
    story = load("project")
    network = Network(project=founding.load(story), people=make_people(say))
    make_account("administrator", full_name="Adam Administrator", is_staff=True, is_superuser=True)
    say("staff, institutions, assistants")
    _make_staff(network)
    _make_institutions(network)
    _make_assistants(network)
    return network


def _make_staff(network: Network) -> None:
    for role, names, found in (
        (ProjectStaff.Role.COORDINATOR, COORDINATORS, network.coordinators),
        (ProjectStaff.Role.TRAINER, TRAINERS, network.trainers),
    ):
        for number, name in enumerate(names):
            if number == 0:
                user = make_account(role, full_name=name)
            else:
                user = User.objects.create_user(
                    f"{role}{number}@people.example", full_name=name, call_me=name.split()[0]
                )
                verify_address(user)
            ProjectStaff.objects.create(
                project=network.project, user=user, role=role, starts_on=network.project.starts_on
            )
            found.append(user)


def _make_institutions(network: Network) -> None:
    for number, facts in enumerate(load("institutions")):
        institution = Institution.objects.create(
            project=network.project,
            slug=facts["slug"],
            kind=facts["kind"],
            town=facts["town"],
            county=facts["town"],
            **columns("name", facts["name"]),
        )
        agreement = Agreement.objects.create(
            institution=institution,
            project=network.project,
            signed_on=day(-190 + 9 * number),
            valid_until=day(400),
        )
        for unit in facts["units"]:
            Unit.objects.create(
                institution=institution, address=unit["address"], **columns("name", unit["name"])
            )
        network.institutions[institution.slug] = institution
        network.officials[institution.slug] = [
            _make_official(agreement, official, is_first=number == seat == 0, key=f"{number}-{seat}")
            for seat, official in enumerate(facts["officials"])
        ]


def _make_official(agreement: Agreement, facts: dict, *, is_first: bool, key: str) -> User:
    if is_first:
        user = make_account("official", full_name=facts["full_name"])
    else:
        user = User.objects.create_user(
            f"official-{key}@offices.example", full_name=facts["full_name"], call_me=facts["call_me"]
        )
        verify_address(user)
    Official.objects.create(
        user=user,
        institution=agreement.institution,
        unit=agreement.institution.units.first(),
        position=facts["position_pl"],
        is_administrator=key.endswith("-0"),
        invited_as=user.full_name,
        invited_email=user.email,
        starts_on=agreement.signed_on,
    )
    return user


def _make_assistants(network: Network) -> None:
    for number, facts in enumerate(load("assistants")):
        user = network.people[facts["person"]]
        if number == 0:
            hand_account(user, "assistant")
        elif not user.email:
            user.email = f"assistant{number}@people.example"
            user.save(update_fields=["email"])
            verify_address(user)
        user.phone = f"+4850010{number:04d}"
        user.save(update_fields=["phone"])
        assistant = Assistant.objects.create(
            user=user,
            project=network.project,
            gender=user.participant.gender,
            home_town=facts["home_town"],
            home_county=facts["home_town"],
            modes=facts["modes"],
            **_papers(number),
            shares_phone=number % 3 == 0,
        )
        for text in consents.missing_required(user, user.language, audience="assistants"):
            consents.give(user, text, by=user)
        Training.objects.bulk_create(
            Training(assistant=assistant, subject=subject, trained_on=day(-170), minutes=240)
            for subject in facts["subjects"]
        )
        _verify_languages(assistant, facts["languages"], network.coordinators[0])
        Availability.objects.bulk_create(
            Availability(
                assistant=assistant,
                weekday=hours["weekday"],
                starts=time.fromisoformat(hours["from"]),
                ends=time.fromisoformat(hours["to"]),
            )
            for hours in facts["weekly_availability"]
        )
        network.assistants.append(assistant)


def _papers(number: int) -> dict:
    """A third each: volunteers with insurance, vouchers, contracts of mandate; one check runs out soon."""
    form = list(Contract)[number % 3]
    return {
        "contract_form": form,
        "contract_from": day(-160),
        "contract_until": day(20) if number == 4 else day(400),
        "insured_until": day(400) if form == Contract.VOLUNTEER else None,
        "child_protection_checked_on": day(-340) if number == 1 else day(-120) if number % 4 else None,
    }


def _verify_languages(assistant: Assistant, skills: list[dict], verifier: User) -> None:
    for skill in skills:
        LanguageSkill.objects.update_or_create(
            user=assistant.user,
            language=skill["code"],
            dialect=skill["dialect"],
            defaults={
                "spoken": skill["spoken"],
                "written": skill.get("written") or "",
                "verified_by": verifier if skill["verified"] else None,
                "verified_on": timezone.localdate() - timedelta(days=150) if skill["verified"] else None,
            },
        )
