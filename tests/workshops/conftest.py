"""Files of the tests stay in a folder of each test."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def files(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path
