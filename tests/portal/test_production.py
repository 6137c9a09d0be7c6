"""A public server refuses to start with what is safe in the demo only."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

SAFE = {
    "PRODUCTION": "1",
    "SECRET_KEY": "s" * 30 + "t" * 30,
    "LEDGER_KEY": "l" * 40,
    "SITE_URL": "https://splot.example",
    "ALLOWED_HOSTS": "splot.example",
    "EMAIL_URL": "smtp+tls://user:password@mail.example:587",
    "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing",
    "REDIS_URL": "redis://127.0.0.1:1/0",
}


def read_settings(**environment: str) -> subprocess.CompletedProcess:
    """A new process reads the settings; nothing is connected to."""
    env = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-c", "import portal.settings"],
        cwd=settings.BASE_DIR,
        env=env | SAFE | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_production_starts_with_safe_settings():
    assert read_settings().returncode == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "short"),
        ("LEDGER_KEY", "short"),
        ("DEMO", "1"),
        ("DEBUG", "1"),
        # Links in mails would lead nowhere, or codes would travel in the open.
        ("SITE_URL", "http://127.0.0.1:8000"),
        # Mails would be counted as sent and go to nobody, or into the log, codes and all.
        ("EMAIL_URL", "consolemail://"),
        ("EMAIL_URL", "dummymail://"),
    ],
)
def test_production_refuses_what_is_unsafe(name, value):
    refused = read_settings(**{name: value})
    assert refused.returncode != 0
    assert f"PRODUCTION=1 needs safe values for: {name}" in refused.stderr
