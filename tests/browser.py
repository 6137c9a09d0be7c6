"""A real Chromium for the journeys: a phone by default, and nothing on its console.

``CHROMIUM`` names the program where it is not found by itself. Without one the tests are skipped, unless
``REQUIRE_BROWSER=1``.
"""

import os
import shutil
from collections.abc import Callable, Iterator

import pytest

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 800}
PROGRAMS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
ARGUMENTS = [
    "--no-sandbox",  # as root, in a container
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",  # no third party answers
]
MISSING = (
    "Chromium is not installed: install it (Debian: apt-get install chromium) "
    "or set CHROMIUM to the program's path"
)


def find_chromium() -> str | None:
    named = os.environ.get("CHROMIUM")
    if named:
        return shutil.which(named)
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


@pytest.fixture(scope="session")
def chromium(django_db_setup) -> Iterator[object]:
    """After the database in every run, whichever test is first: so it ends before the database does."""
    path = find_chromium()
    if path is None:
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(MISSING, pytrace=False)
        pytest.skip(MISSING)
    from django.db import connections
    from playwright.sync_api import sync_playwright

    # Playwright keeps an event loop on this thread: Django would take every query for an asynchronous one.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()
        # Under that loop Django keeps connections apart from the thread's own; once the loop has gone nobody
        # can reach them to close them, and a database that somebody is connected to cannot be dropped.
        connections.close_all()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


def press(locator) -> None:
    """Click what leads to another page, and be there: after a plain click the old one may still stand."""
    with locator.page.expect_navigation():
        locator.click()


class Console:
    """What went wrong in a page: its own errors, violations of the policy, requests to anybody else."""

    def __init__(self, site: str) -> None:
        self.site = site
        self.problems: list[str] = []

    def listen(self, context) -> None:
        context.on("console", self._message)
        context.on("weberror", lambda error: self.problems.append(f"exception: {error.error}"))
        context.on("request", self._request)

    def _message(self, message) -> None:
        if message.type == "error":
            self.problems.append(f"console: {message.text} ({message.location.get('url', '')})")

    def _request(self, asked) -> None:
        """Nothing else is reached, see ``ARGUMENTS``; without an interception files stay in the cache."""
        if not asked.url.startswith((self.site, "data:", "blob:")):
            self.problems.append(f"request to a third party: {asked.url}")


@pytest.fixture
def open_browser(request: pytest.FixtureRequest, chromium, live_server) -> Iterator[Callable]:
    """A page in a session of its own, as in ``open_browser(viewport=DESK, java_script_enabled=False)``."""
    console = Console(live_server.url)
    contexts = []

    def open_(*, viewport: dict | None = None, locale: str = "pl", **options):
        context = chromium.new_context(
            base_url=live_server.url, viewport=viewport or PHONE, locale=locale, **options
        )
        context.set_default_timeout(10_000)
        console.listen(context)
        contexts.append(context)
        return context.new_page()

    open_.console = console
    yield open_
    for context in contexts:
        context.close()
    if console.problems and request.node.get_closest_marker("allow_console_errors") is None:
        pytest.fail("\n".join(console.problems), pytrace=False)


@pytest.fixture
def browser_page(open_browser):
    """A phone in Polish."""
    return open_browser()


@pytest.fixture
def signed_in(open_browser) -> Callable:
    """``signed_in(user, …)``: a page of a browser of its own in which she is signed in already."""

    def open_(user, **options):
        from django.conf import settings
        from django.test import Client

        client = Client()
        client.force_login(user)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        page = open_browser(**options)
        page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": open_browser.console.site}]
        )
        return page

    return open_


@pytest.fixture
def axe() -> Callable:
    """``axe(page)``: no violation of WCAG 2.2 A and AA, nor of axe's best practices."""
    from axe_playwright_python.sync_playwright import Axe

    script = Axe().axe_script

    def check(page) -> None:
        page.evaluate(script)
        # What is in order stays in the browser: to carry it over takes longer than to find it.
        violations = page.evaluate(
            "axe.run(document, {resultTypes: ['violations']}).then(found => found.violations)"
        )
        told = [
            f"{found['id']} ({found['impact']}): {found['help']}\n    "
            + "\n    ".join(node["html"][:200] for node in found["nodes"][:5])
            for found in violations
        ]
        assert not told, f"{page.url}\n" + "\n".join(told)

    return check


@pytest.fixture
def in_order(axe) -> Callable:
    """``in_order(page)``: one heading, nothing that axe objects to, nothing that runs over the edge."""

    def check(page) -> None:
        assert page.locator("h1").count() == 1, page.url
        axe(page)
        width = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert width <= 0, f"{page.url} runs over by {width} px"

    return check


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that drive the browser carry its mark: ``pytest -m "not browser"`` is the quick half."""
    for item in items:
        if "chromium" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)
