"""Every page of the roles in a real browser: axe objects to nothing, nothing runs over the edge."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from tests.browser import DESK, PHONE
from tests.shows.scene import TABLE


def pages_of(role: str, scene, client: Client, language: str) -> list[str]:
    """Addresses of pages that the role may open, in a language."""
    with translation.override(language):
        addresses = [
            reverse(name, kwargs=scene.arguments.get(name, {}))
            for name, welcome in TABLE.items()
            if role in welcome
        ]
    return [address for address in addresses if _is_page(client.get(address))]


def _is_page(answer) -> bool:
    """Neither a file nor an address that only takes a POST."""
    return answer.status_code == 200 and answer["Content-Type"].startswith("text/html")


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("role", "language", "viewport"),
    [
        ("migrant", "uk", PHONE),
        ("coordinator", "pl", DESK),
        ("coordinator", "ar", PHONE),
        ("official", "pl", PHONE),
        ("assistant", "ar", PHONE),
    ],
    ids=lambda value: value if isinstance(value, str) else str(value["width"]),
)
def test_axe_finds_nothing_on_any_page(scene, signed_in, axe, role, language, viewport):
    client = Client()
    client.force_login(scene.people[role])
    page = signed_in(scene.people[role], viewport=viewport)
    problems = []
    for address in pages_of(role, scene, client, language):
        page.goto(address)
        assert page.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
        too_wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if too_wide > 0:
            problems.append(f"{address}: {too_wide} px too wide")
        if page.locator(
            "form[method=post]:not(:has([name=csrfmiddlewaretoken]), [data-without-token])"
        ).count():
            problems.append(f"{address}: a form would be refused, as it has no token")
        try:
            axe(page)
        except AssertionError as found:
            problems.append(str(found))
    assert not problems, "\n".join(problems)
