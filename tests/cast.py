"""The fixed cast: the same people in every test, each in one role, all in one network."""

import pytest

from projects.models import ProjectStaff
from tests import factories


@pytest.fixture
def project(db):
    """The network's project."""
    return factories.make_project(slug="network")


@pytest.fixture
def other_project(db):
    """A project in which nobody of the cast has a role."""
    return factories.make_project(slug="elsewhere")


@pytest.fixture
def theme(project):
    return factories.make_theme(project)


@pytest.fixture
def workshop(theme, trainer):
    return factories.make_workshop(theme=theme, trainers=[trainer], capacity=12)


@pytest.fixture
def institution(project):
    return factories.make_institution(project)


@pytest.fixture
def migrant(db):
    user = factories.make_user(full_name="Olena Kowalenko", email="migrant@example.org", language="uk")
    factories.make_participant(
        user, gender="woman", birth_year=1990, citizenship_group="non_eu", county="Toruń"
    )
    return user


@pytest.fixture
def other_migrant(db):
    user = factories.make_user(full_name="Fatima Al Hassan", email="other_migrant@example.org", language="ar")
    factories.make_participant(
        user, gender="woman", birth_year=1985, citizenship_group="non_eu", county="Bydgoszcz"
    )
    return user


@pytest.fixture
def coordinator(project):
    return factories.make_staff(
        project, user=factories.make_user(full_name="Anna Nowak", email="coordinator@example.org")
    )


@pytest.fixture
def trainer(project):
    user = factories.make_user(full_name="Tamar Beridze", email="trainer@example.org")
    return factories.make_staff(project, ProjectStaff.Role.TRAINER, user)


@pytest.fixture
def official(institution):
    return factories.make_official(
        institution, factories.make_user(full_name="Zbigniew Wiśniewski", email="official@example.org")
    )


@pytest.fixture
def assistant(project):
    """The assistant's person; her row is ``assistant.assistant``."""
    user = factories.make_user(full_name="Iryna Melnyk", email="assistant@example.org", phone="+48500100200")
    factories.make_assistant(project, user, languages=("uk", "ru"))
    return user


@pytest.fixture
def administrator(db):
    return factories.make_user(
        full_name="Admin", email="administrator@example.org", is_staff=True, is_superuser=True
    )


@pytest.fixture
def outsider(db):
    """Signed in, known to nobody."""
    return factories.make_user(full_name="Obca Osoba", email="outsider@example.org")
