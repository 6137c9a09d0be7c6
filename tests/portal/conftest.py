"""What the tests of the trunk share."""

import pytest
from django.test import Client


@pytest.fixture
def client_of():
    """Another visitor, signed in as ``user`` where one is given."""

    def open_(user=None, **defaults) -> Client:
        client = Client(**defaults)
        if user is not None:
            client.force_login(user)
        return client

    return open_
