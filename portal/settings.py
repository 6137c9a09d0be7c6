"""Settings: how the portal runs. What differs between machines comes from the environment (see .env.example),
what an organisation may decide for itself stands in ``portal.policy``.

Without any environment the portal runs as a demo on one machine. With ``PRODUCTION=1`` every default that
would be unsafe on a public server is refused (``manage.py check --deploy``).
"""

from datetime import timedelta
from pathlib import Path

import environ
from celery.schedules import crontab
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from portal import servers

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
servers.read_environment()

# --- What kind of installation this is -------------------------------------------------------------------

PRODUCTION = env.bool("PRODUCTION", default=False)
# The demo shows outgoing messages to everybody and offers demo accounts. Never together with PRODUCTION.
DEMO = env.bool("DEMO", default=not PRODUCTION)
DEBUG = env.bool("DEBUG", default=False)

DEVELOPMENT_KEY = "development-only-key-that-protects-nothing"
SECRET_KEY = env.str("SECRET_KEY", default=DEVELOPMENT_KEY)
# Keys of the ledger live outside the database: with them, and only with them, could somebody who holds a
# backup link ledger entries to a person.
LEDGER_KEY = env.str("LEDGER_KEY", default=DEVELOPMENT_KEY)

SITE_NAME = env.str("SITE_NAME", default="Splot")
SITE_URL = env.str("SITE_URL", default=f"http://127.0.0.1:{env.str('PORT', default='') or 8000}")
email_url = env.str("EMAIL_URL", default="dummymail://")

if PRODUCTION:
    unsafe = [
        name
        for name, is_unsafe in {
            "SECRET_KEY": DEVELOPMENT_KEY in SECRET_KEY or len(SECRET_KEY) < 50,
            "LEDGER_KEY": DEVELOPMENT_KEY in LEDGER_KEY or len(LEDGER_KEY) < 32,
            "DEMO": DEMO,
            "DEBUG": DEBUG,
            "SITE_URL": not SITE_URL.startswith("https://"),  # every link in a mail begins with it
            # Mails that go nowhere count as sent; in a log, sign-in codes would stand.
            "EMAIL_URL": not email_url.startswith("smtp"),
        }.items()
        if is_unsafe
    ]
    if unsafe:
        raise ImproperlyConfigured(f"PRODUCTION=1 needs safe values for: {', '.join(unsafe)}")

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# --- Applications ----------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "modeltranslation",  # before admin, so that its admin classes are found
    "portal",
    "participants",
    "projects",
    "workshops",
    "institutions",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "portal.apps.AdministrationConfig",  # django.contrib.admin, with doors of its own
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.forms",  # so that form templates are looked up in ours first
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Pages are small on the wire even without a proxy; Django pads them at random against BREACH.
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.middleware.PersonLocaleMiddleware",  # asks who it is; CommonMiddleware asks for the language
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "portal.middleware.CardSessionMiddleware",
    "portal.middleware.SecondFactorMiddleware",
    "portal.middleware.PersonalPagesMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.pages.context.site",
            ],
            "builtins": ["django.templatetags.i18n", "portal.templatetags.portal"],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- Servers ---------------------------------------------------------------------------------------------

DATABASES = {
    "default": servers.database() | {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True, "ATOMIC_REQUESTS": False}
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = servers.redis_url()
CACHES = {
    "default": {
        "BACKEND": "portal.steady_cache.SteadyRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "portal",
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 2},
    }
}

CELERY_BROKER_URL = servers.broker_url(REDIS_URL)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A request must not wait for a broker that is away: the message row is there, beat picks it up.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_connect_timeout": 2,
    "socket_timeout": 10,
    "visibility_timeout": 600,
}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TIMEZONE = "Europe/Warsaw"
CELERY_BEAT_SCHEDULER = "portal.beat.Scheduler"
CELERY_BEAT_SCHEDULE_FILENAME = str(BASE_DIR / ".data" / "beat-schedule")
# When nobody works; what was missed while beat was down is made up for when it is back.
_NIGHTLY, _DAILY = crontab(hour=3, minute=20), crontab(hour=6, minute=20)
CELERY_BEAT_SCHEDULE = {
    "deliver messages": {"task": "portal.tasks.deliver_due_messages", "schedule": timedelta(seconds=20)},
    "queue reminders": {"task": "portal.tasks.queue_due_reminders", "schedule": timedelta(minutes=1)},
    "forget old sessions": {"task": "portal.tasks.forget_old_sessions", "schedule": timedelta(hours=12)},
    "show that a worker lives": {"task": "portal.tasks.record_heartbeat", "schedule": timedelta(seconds=20)},
    "nag about unknown attendance": {
        "task": "workshops.tasks.nag_about_unknown_attendance",
        "schedule": timedelta(minutes=30),
    },
    "nag about uncounted events": {
        "task": "workshops.tasks.nag_about_uncounted_events",
        "schedule": timedelta(minutes=30),
    },
    "look after who misses meetings": {
        "task": "workshops.tasks.look_after_who_misses_meetings",
        "schedule": timedelta(hours=1),
    },
    "forget spent answers": {
        "task": "workshops.tasks.forget_spent_answers",
        "schedule": _NIGHTLY,
    },
    "remind of unsigned papers": {
        "task": "institutions.tasks.remind_of_unsigned_papers",
        "schedule": _DAILY,
    },
    "warn of agreements that end": {
        "task": "institutions.tasks.warn_of_agreements",
        "schedule": _DAILY,
    },
    "warn of papers that end": {
        "task": "institutions.tasks.warn_of_papers",
        "schedule": _DAILY,
    },
    "move requests on": {"task": "institutions.tasks.move_requests_on", "schedule": timedelta(minutes=1)},
    "remind of requests": {"task": "institutions.tasks.remind_of_requests", "schedule": timedelta(hours=1)},
    "pass offers of places on": {"task": "workshops.tasks.pass_offers_on", "schedule": timedelta(minutes=1)},
    "offer free places": {"task": "workshops.tasks.offer_free_places", "schedule": timedelta(minutes=15)},
    "forget requests": {"task": "institutions.tasks.forget_requests", "schedule": _NIGHTLY},
    "remind of complaints": {
        "task": "institutions.tasks.remind_of_complaints",
        "schedule": timedelta(hours=6),
    },
    "audit workshops": {"task": "workshops.tasks.audit_workshops", "schedule": _NIGHTLY},
    "audit assistance": {"task": "institutions.tasks.audit_assistance", "schedule": _NIGHTLY},
}
# Without a worker errands would pile up by the thousand: each ends when the next of its kind is sent.
for _errand in CELERY_BEAT_SCHEDULE.values():
    _every = _errand["schedule"] if isinstance(_errand["schedule"], timedelta) else timedelta(days=1)
    _errand["options"] = {"expires": _every.total_seconds()}

vars().update(env.email_url_config(email_url))
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=f"{SITE_NAME} <no-reply@splot.example>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
MAIL_DOMAIN = env.str("MAIL_DOMAIN", default="splot.example")

# --- People ----------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "portal.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "my_page"
LOGOUT_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "portal.accounts.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60  # domain.md D7: slow mail needs 10 to 15 minutes
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True  # links in mails are opened by scanners (domain.md D8)
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_PASSWORD_RESET_BY_CODE_MAX_ATTEMPTS = 5
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "dashed": False, "length": 6}
ACCOUNT_CHANGE_EMAIL = True  # one address a person; a new one replaces the old once it is confirmed
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_FORMS = {
    "signup": "portal.signup.SignupForm",
    "login": "portal.signup.LoginForm",
    "request_login_code": "portal.signup.RequestCodeForm",
    "confirm_login_code": "portal.signup.LoginCodeForm",
    "confirm_email_verification_code": "portal.signup.AddressCodeForm",
    "confirm_password_reset_code": "portal.signup.PasswordResetCodeForm",
    "reset_password": "portal.signup.ResetPasswordForm",
    "reset_password_from_key": "portal.signup.NewPasswordForm",
    "add_email": "portal.signup.AddAddressForm",
    "change_password": "portal.signup.ChangePasswordForm",
    "set_password": "portal.signup.SetPasswordForm",
    "reauthenticate": "portal.signup.ShowPasswordForm",
}
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# A whole class may sign in at once from one address of the internet.
ACCOUNT_RATE_LIMITS = {
    "login": "120/m/ip",
    "signup": "60/m/ip",
    "request_login_code": "60/m/ip,3/m/key",
    "login_failed": "30/m/ip,5/5m/key",
    "card": "30/5m/ip",
}
# How many proxies stand before the portal: without it all visitors would share one limit.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=1 if PRODUCTION else 0)

MFA_ADAPTER = "portal.accounts.SecondFactorAdapter"
MFA_FORMS = {
    "activate_totp": "portal.signup.AddAppForm",
    "authenticate": "portal.signup.SecondLockForm",
    "reauthenticate": "portal.signup.SecondLockAgainForm",
    "add_webauthn": "portal.signup.AddPasskeyForm",
    "edit_webauthn": "portal.signup.RenamePasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = SITE_NAME
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
# Staff (coordinators, trainers, officials, administrators) must sign in with a second factor.
SECOND_FACTOR_REQUIRED_FOR_STAFF = env.bool("SECOND_FACTOR_REQUIRED_FOR_STAFF", default=PRODUCTION)
# Who is staff is known to the apps: test(user) -> bool, asked by portal.access in this order.
STAFF_TESTS = ["projects.access.is_staff_member", "institutions.access.is_official"]
# Who works in a partner institution: test(user) -> bool. Some trainings are for them only.
OFFICIAL_TEST = "institutions.access.is_official"

# --- Languages and time ----------------------------------------------------------------------------------

LANGUAGE_CODE = "pl"
LANGUAGES = [
    ("pl", _("Polish")),
    ("en", _("English")),
    ("uk", _("Ukrainian")),
    ("be", _("Belarusian")),
    ("ru", _("Russian")),
    ("ar", _("Arabic")),
]
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["portal.formats"]
MODELTRANSLATION_DEFAULT_LANGUAGE = "pl"
# People read the nearest language that exists; the page marks which one it is.
MODELTRANSLATION_FALLBACK_LANGUAGES = {
    "default": ("pl", "en"),
    "en": ("pl",),
    "ar": ("en", "pl"),
}
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Warsaw"  # times are stored in UTC and shown in this zone
FIRST_DAY_OF_WEEK = 1

# --- Files -----------------------------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(BASE_DIR / "staticfiles")))
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(BASE_DIR / ".data" / "files")))  # never served directly
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- Security --------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],  # the roll-call keeps its own page for places without signal
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 24 * 3600
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = PRODUCTION
if PRODUCTION:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = [r"^health/"]  # asked from inside, by what watches the server
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
DATA_UPLOAD_MAX_NUMBER_FIELDS = 3000  # six languages side by side, many sessions

# --- Rules an organisation may change --------------------------------------------------------------------

from portal.policy import *  # noqa: E402, F403
from portal.policy import ASSISTANCE  # noqa: E402

if number := env.str("NETWORK_PHONE", default=""):
    _own_line = {"name": SITE_NAME, "number": number, "when": env.str("NETWORK_PHONE_WHEN", default="")}
    ASSISTANCE["phone_alternatives"].insert(0, _own_line)

# --- Logging ---------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(levelname)s %(name)s: %(message)s"}},
    "filters": {"mask addresses": {"()": "portal.log_masks.MaskAddresses"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "plain",
            "filters": ["mask addresses"],
        }
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "celery": {"level": "WARNING"},
        "django.server": {"level": "WARNING"},
    },
}
