"""People from outside, and a meeting that is over."""

import pytest

from tests import factories
from tests.institutions.afterwards import make_job


@pytest.fixture
def job(institution, official, assistant):
    """A job that is done, of a request that is closed."""
    return make_job(institution, official, assistant.assistant)


@pytest.fixture
def stranger_official(project):
    """Of another institution of the same network."""
    return factories.make_official(factories.make_institution(project))


@pytest.fixture
def stranger_coordinator(other_project):
    return factories.make_staff(other_project)
