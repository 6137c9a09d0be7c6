"""The strict test session: nothing in the log at ERROR, no network, no cache carried from test to test."""

import ipaddress
import logging
import socket
from collections.abc import Iterator

import pytest
from django.utils import timezone, translation


class ErrorRecords(logging.Handler):
    def __init__(self) -> None:
        super().__init__(level=logging.ERROR)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


def _loggers_that_hear_all() -> list[logging.Logger]:
    named = [
        logger for logger in logging.root.manager.loggerDict.values() if isinstance(logger, logging.Logger)
    ]
    return [logging.getLogger(), *(logger for logger in named if not logger.propagate)]


@pytest.fixture(autouse=True)
def error_records(request: pytest.FixtureRequest) -> Iterator[list[logging.LogRecord]]:
    """ERROR in the log means that somebody must act: a test that causes one has to say so."""
    handler = ErrorRecords()
    loggers = _loggers_that_hear_all()
    for logger in loggers:
        logger.addHandler(handler)
    try:
        yield handler.records
    finally:
        for logger in loggers:
            logger.removeHandler(handler)
    if handler.records and request.node.get_closest_marker("allow_error_logs") is None:
        formatter = logging.Formatter("%(levelname)s %(name)s: %(message)s")
        pytest.fail("\n".join(formatter.format(record) for record in handler.records), pytrace=False)


@pytest.fixture(autouse=True)
def _language() -> Iterator[None]:
    """Each test starts in the site's own language, whatever page the one before it asked for last."""
    from django.conf import settings
    from django.utils import translation

    with translation.override(settings.LANGUAGE_CODE):
        yield


class NetworkForbidden(AssertionError):
    pass


def _is_local(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:
    """Only this machine, and the servers that the environment names."""
    from urllib.parse import urlsplit

    from portal import servers

    allowed = {urlsplit(url).hostname for url in (servers.database_url(), servers.redis_url())} - {None}
    real_connect, real_getaddrinfo = socket.socket.connect, socket.getaddrinfo

    def refuse_unless_local(host: object) -> None:
        name = host.decode() if isinstance(host, bytes) else host
        if name is not None and not (isinstance(name, str) and (name in allowed or _is_local(name))):
            raise NetworkForbidden(f"a test wanted to reach {name}")

    def connect(self: socket.socket, address: object) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and isinstance(address, tuple):
            refuse_unless_local(address[0])
        return real_connect(self, address)

    def getaddrinfo(host: object, *args: object, **kwargs: object) -> object:
        refuse_unless_local(host)
        allowed_addresses = real_getaddrinfo(host, *args, **kwargs)
        if host in allowed:
            allowed.update(entry[4][0] for entry in allowed_addresses)
        return allowed_addresses

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect)
        patch.setattr(socket, "getaddrinfo", getaddrinfo)
        yield


@pytest.fixture(autouse=True)
def _default_language() -> None:
    """A page leaves its language on the thread; the next test starts without."""
    translation.deactivate()
    timezone.deactivate()


@pytest.fixture(autouse=True)
def _empty_valkey() -> None:
    """Rate limits and queued tasks of one test are not met by the next."""
    from django.core.cache import cache

    cache.clear()


def pytest_sessionstart(session: pytest.Session) -> None:
    """What is tried is what is committed: the pages speak from freshly compiled catalogues."""
    if not hasattr(session.config, "workerinput"):
        from portal import catalog

        for language in catalog.languages():
            catalog.compile_language(language)
