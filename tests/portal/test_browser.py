"""The browser's own watch: what goes wrong on a page fails the test that opened it."""

import pytest

from tests.browser import PHONE

PAGE = "<!doctype html><html lang=en><title>A page</title><main><h1>A page</h1>{}</main></html>"


@pytest.fixture
def page(browser_page):
    """A page of this test's own, served under the site's address."""

    def show(body):
        answer = {"body": PAGE.format(body), "content_type": "text/html"}
        browser_page.context.route("**/of-the-test", lambda route: route.fulfill(**answer))
        browser_page.goto("/of-the-test")
        return browser_page

    return show


def test_phone_is_the_default(page):
    assert page("").evaluate("[innerWidth, innerHeight]") == [PHONE["width"], PHONE["height"]]


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("<script>console.error('broken')</script>", "console: broken"),
        ("<script>undefinedName()</script>", "undefinedName"),
        ("<img alt='' src='https://elsewhere.example/x.png'>", "request to a third party"),
    ],
)
@pytest.mark.allow_console_errors
def test_trouble_on_a_page_is_noticed(page, open_browser, body, problem):
    page(body).wait_for_load_state("networkidle")
    assert problem in "\n".join(open_browser.console.problems)


def test_axe_finds_a_picture_without_words(page, axe):
    axe(page("<p>Well</p>"))
    with pytest.raises(AssertionError, match="image-alt"):
        axe(page("<img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='>"))
