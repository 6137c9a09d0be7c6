"""The settings of the portal, with servers of their own for the test run and templates that must be right."""

import os

from portal import servers

servers.throwaway()

from portal.settings import *  # noqa: E402, F403
from portal.settings import CACHES, REDIS_URL, STORAGES, TEMPLATES  # noqa: E402
from tests.undefined import Undefined  # noqa: E402

# Parallel workers share the Valkey, each with a numbered database of its own.
REDIS_URL = servers.with_redis_database(
    REDIS_URL, 1 + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
)
CACHES = {"default": CACHES["default"] | {"LOCATION": REDIS_URL}}
CELERY_BROKER_URL = servers.broker_url(REDIS_URL)

# Hashed names need a collected directory; here files are served from where they lie.
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
STATIC_ROOT = None
WHITENOISE_AUTOREFRESH = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # as good here, and fast

for engine in TEMPLATES:
    engine["OPTIONS"]["string_if_invalid"] = Undefined()
