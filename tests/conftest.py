import pytest

pytest_plugins = ["tests.strictness", "tests.browser", "tests.cast"]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long goes first: at the end nobody waits for one worker."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)
