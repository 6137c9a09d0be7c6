"""One request with a mark in every field, and one person in each column of the table of who sees what.

The rows are made by hand, so that every column stands side by side: two go, one was only asked, one came
forward, one withdrew and one was replaced.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from institutions import appointments
from institutions.models import Assignment, AssistanceRequest, Institution, Offer
from portal.clock import WARSAW
from portal.models import AuditEntry, User
from projects.models import ProjectStaff
from tests import factories

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=WARSAW)
START = datetime(2026, 11, 27, 10, 0, tzinfo=WARSAW)
END = START + timedelta(minutes=60)

#: Item → the mark by which it is found on a page.
MARKS = {
    # the outline
    "dialect": "Dialektmark",
    "town": "Miastomark",
    # the details
    "institution": "Urzadmark",
    "unit": "Wydzialmark",
    "address": "Adresmark 7",
    "link": "https://linkmark.example",
    "contact_name": "Kontaktmark",
    "contact_phone": "566223344",
    "briefing": "Zagajeniemark",
    "access": "Wejsciemark",
    "parking": "Parkingmark",
    "site_rules": "Regulaminmark",
    # the institution's own
    "case_reference": "SPRAWAMARK",
    # the assistants
    "first_name": "Irynamark",
    "second_first_name": "Zoyamark",
    "phone": "500100211",
    "surname": "Melnykmark",
    "second_surname": "Nazwiskomark",
    "email": "irynamark@example.org",
    "home_town": "Domowemark",
    "participant": "Uczestniczkamark",
    "preferred": "Ulubionamark",
    "offered_name": "Pytanamark",
    "withdrawn_name": "Odeszlamark",
}


@dataclass
class Scene:
    request: AssistanceRequest
    people: dict[str, User] = field(default_factory=dict)
    assignments: dict[str, Assignment] = field(default_factory=dict)
    offers: dict[str, Offer] = field(default_factory=dict)


def make_scene(project, other_project) -> Scene:
    def person(name, **fields):
        first = name.split()[0].lower()
        return factories.make_user(full_name=name, email=f"{first}@example.org", language="en", **fields)

    institution = factories.make_institution(
        project, name_pl=MARKS["institution"], name_en=MARKS["institution"], slug="urzad"
    )
    unit, other_unit = institution.units.get(), institution.units.create(name_pl="Inny", name_en="Other")
    unit.name_pl = unit.name_en = MARKS["unit"]
    for name in ("access", "parking", "site_rules"):
        for column in (name, f"{name}_pl", f"{name}_en"):
            if hasattr(unit, column):
                setattr(unit, column, MARKS[name])
    unit.save()
    people = {
        "official": factories.make_official(institution, person("Ola Urzednicza"), unit=unit),
        "colleague": factories.make_official(institution, person("Kasia Kolezanka"), unit=unit),
        "other unit": factories.make_official(institution, person("Basia Inna"), unit=other_unit),
        "administrator": factories.make_official(
            institution, person("Ewa Opiekun"), unit=other_unit, is_administrator=True
        ),
        "other institution": factories.make_official(factories.make_institution(project), person("Jan Obcy")),
        "coordinator": factories.make_staff(project, user=person("Anna Koordynuje")),
        "other coordinator": factories.make_staff(other_project, user=person("Maria Daleka")),
        "trainer": factories.make_staff(project, ProjectStaff.Role.TRAINER, person("Tamar Uczy")),
        "outsider": person("Obca Osoba"),
    }
    assistants = {
        name: factories.make_assistant(project, person(called, phone=phone), home_town=town)
        for name, called, phone, town in [
            ("confirmed", f"{MARKS['first_name']} {MARKS['surname']}", "+48500100211", MARKS["home_town"]),
            ("second", f"{MARKS['second_first_name']} {MARKS['second_surname']}", "+48500100212", "Toruń"),
            ("offered", f"{MARKS['offered_name']} Pierwsza", "+48500100213", "Toruń"),
            ("interested", "Chetnamark Druga", "+48500100214", "Toruń"),
            ("withdrawn", f"{MARKS['withdrawn_name']} Trzecia", "+48500100215", "Toruń"),
            ("replaced", "Zamienionamark Czwarta", "+48500100216", "Toruń"),
            ("preferred", f"{MARKS['preferred']} Piata", "+48500100217", "Toruń"),
        ]
    }  # fmt: skip
    assistants["confirmed"].shares_phone = True
    assistants["confirmed"].save(update_fields=["shares_phone"])
    factories.make_participant(assistants["confirmed"].user, county=MARKS["participant"])
    request = factories.make_request(
        institution,
        people["official"],
        unit=unit,
        state="confirmed",
        start_at=START,
        end_at=END,
        town=MARKS["town"],
        dialect=MARKS["dialect"],
        address=MARKS["address"],
        link=MARKS["link"],
        contact_name=MARKS["contact_name"],
        contact_phone="+48566223344",
        briefing=MARKS["briefing"],
        case_reference=MARKS["case_reference"],
        preferred_assistant=assistants["preferred"],
        assistants_needed=2,
        sensitivities=["violence"],
        is_relative_interpreting=True,
        are_minors_present=True,
        people_count=37,
        ranked_modes=["on_site", "video"],
        series=institution.series.create(),
    )
    scene = Scene(request, people | {name: one.user for name, one in assistants.items()})
    scene.assignments = {
        "withdrawn": _gone(request, assistants["withdrawn"], "withdrawn"),
        "replaced": _gone(request, assistants["replaced"], "replaced"),
        "confirmed": factories.make_assignment(request, assistants["confirmed"]),
        "second": factories.make_assignment(request, assistants["second"], place=2),
    }
    attempt = factories.make_attempt(request, place=1)
    for name, state in (("offered", "open"), ("interested", "interested")):
        scene.offers[name] = factories.make_offer(request, assistants[name], state=state, attempt=attempt)
    for name in ("confirmed", "second"):
        appointments.enter(scene.assignments[name])
    return scene


def _gone(request, assistant, state) -> Assignment:
    return factories.make_assignment(request, assistant, state=state, ended_at=NOW)


# --- Every page of the network, as somebody --------------------------------------------------------------


def addresses(scene: Scene) -> list[str]:
    """Every address of the app with whatever could stand in it, and the pages that look across apps."""
    found = []
    for name, route, converters in _routes():
        for arguments in _arguments(scene, route, converters):
            found.append(reverse(name, kwargs=arguments))
    return found + [
        reverse(name) for name in ("my_page", "my_calendar", "profile", "work_today", "work_calls")
    ]


def read_everything(scene: Scene, user: User | None) -> tuple[dict[str, str], dict[str, int]]:
    """Address → text of each page that opens for her, and how many looks were noted for it.

    Papers in other forms are not texts.
    """
    client, texts, noted = Client(), {}, {}
    if user:
        client.force_login(user)
    for address in addresses(scene):
        answer = client.get(address)
        assert answer.headers.get("Content-Type", "").partition(";")[0] != "application/json", address
        if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/"):
            texts[address] = re.sub(r"\s+", " ", answer.content.decode())
            lines = AuditEntry.objects.filter(action="request.viewed").count()
            noted[address] = lines - sum(noted.values())
    return texts, noted


def _routes(resolver=None, route: str = ""):
    for pattern in (resolver or get_resolver()).url_patterns:
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern, here)
        elif isinstance(pattern, URLPattern) and pattern.callback.__module__.startswith("institutions."):
            yield pattern.name, here, pattern.pattern.converters


def _arguments(scene: Scene, route: str, converters: dict) -> list[dict]:
    if not converters:
        return [{}]
    jobs = [one.public_id for one in scene.assignments.values()]
    if set(converters) == {"slug"}:
        return [{"slug": slug} for slug in Institution.objects.values_list("slug", flat=True)]
    if set(converters) != {"public_id"}:
        return []
    if "offers/" in route:
        return [{"public_id": one.public_id} for one in scene.offers.values()]
    if "jobs/" in route:
        return [{"public_id": pk} for pk in jobs]
    if "work/assistants/" in route:
        return [{"public_id": user.public_id} for user in scene.people.values()]
    return [{"public_id": scene.request.public_id}]
