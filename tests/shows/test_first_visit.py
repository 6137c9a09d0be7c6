"""What a first visit costs somebody with a bad signal: the real server, compressed files, an empty cache."""

import subprocess
import sys

import pytest
from django.conf import settings

from tests import factories
from tests.browser import PHONE
from tests.shows.processes import answers, environment, free_port, running, until

MOST_KILOBYTES, MOST_REQUESTS = 40, 6


@pytest.fixture
def server(tmp_path, transactional_db):
    """The web as it is served, with collected, compressed files."""
    files = {"STATIC_ROOT": str(tmp_path / "static")}
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity=0"],
        env=environment(**files),
        cwd=settings.BASE_DIR,
        check=True,
    )
    port = free_port()
    with running("gunicorn", "portal.wsgi", "--threads=4", f"--bind=127.0.0.1:{port}", **files):
        until(lambda: answers(port), seconds=60, what="the web server")
        yield f"http://127.0.0.1:{port}"


@pytest.mark.slow
def test_first_visit_is_light(server, chromium, theme):
    for number in range(5):
        workshop = factories.make_workshop(
            theme=theme, description_pl="Rozmawiamy o pracy. " * 20, minimum=number
        )
    for path in ("/pl/", f"/pl/workshops/{workshop.slug}/"):
        context = chromium.new_context(viewport=PHONE, locale="pl")
        page = context.new_page()
        wire = context.new_cdp_session(page)
        wire.send("Network.enable")
        arrived = _arrivals(wire)
        page.goto(server + path, wait_until="networkidle")
        context.close()
        kilobytes = sum(file["encodedDataLength"] for file in arrived) / 1024
        print(f"{path}: {kilobytes:.1f} KB in {len(arrived)} requests")
        assert kilobytes <= MOST_KILOBYTES
        assert 1 < len(arrived) <= MOST_REQUESTS


def _arrivals(wire) -> list[dict]:
    """Every file that has come over the wire, as it goes on."""
    arrived: list[dict] = []

    def note(done: dict) -> None:
        arrived.append(done)

    wire.on("Network.loadingFinished", note)
    return arrived
