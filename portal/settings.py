"""Settings, all of them here; what differs between machines comes from the environment (see .env.example).

Without any environment the portal runs as a demo on one machine. With ``PRODUCTION=1`` every default that
would be unsafe on a public server is refused (``manage.py check --deploy``).
"""

from datetime import timedelta
from pathlib import Path

import environ
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
        "schedule": timedelta(hours=24),
    },
    "remind of unsigned papers": {
        "task": "institutions.tasks.remind_of_unsigned_papers",
        "schedule": timedelta(hours=24),
    },
    "warn of agreements that end": {
        "task": "institutions.tasks.warn_of_agreements",
        "schedule": timedelta(hours=24),
    },
    "warn of papers that end": {
        "task": "institutions.tasks.warn_of_papers",
        "schedule": timedelta(hours=24),
    },
    "move requests on": {"task": "institutions.tasks.move_requests_on", "schedule": timedelta(minutes=1)},
    "pass offers of places on": {"task": "workshops.tasks.pass_offers_on", "schedule": timedelta(minutes=1)},
    "offer free places": {"task": "workshops.tasks.offer_free_places", "schedule": timedelta(minutes=15)},
    "forget requests": {"task": "institutions.tasks.forget_requests", "schedule": timedelta(hours=24)},
    "remind of complaints": {
        "task": "institutions.tasks.remind_of_complaints",
        "schedule": timedelta(hours=6),
    },
    "audit workshops": {"task": "workshops.tasks.audit_workshops", "schedule": timedelta(hours=24)},
    "audit assistance": {"task": "institutions.tasks.audit_assistance", "schedule": timedelta(hours=24)},
}
# Without a worker errands would pile up by the thousand: each ends when the next of its kind is sent.
for _errand in CELERY_BEAT_SCHEDULE.values():
    _errand["options"] = {"expires": _errand["schedule"].total_seconds()}

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

# --- Rules an organisation may change; the defaults are from docs, section by section of domain.md -------

QUIET_HOURS = (env.int("QUIET_HOURS_FROM", default=20), env.int("QUIET_HOURS_TO", default=8))  # B2.7
REMIND_SINGLE_MINUTES = [3 * 24 * 60, 24 * 60]  # B2.7: single events and interpreting
REMIND_WEEKLY_MINUTES = [24 * 60]  # B2.7: weekly classes
WORKSHOP_CAPACITY = 12  # B1.5
CANCEL_UNTIL_HOURS = 24
OFFER_HOURS = 48  # B1.6: a freed place is kept so long for the next on the waiting list
OFFER_SHORTEST_HOURS = 3  # with less time to answer before the start no place is offered
ATTENDANCE_PERCENT = 80  # B1.1: common in training paid by the European Union; 50 and 75 are in use too
MISSED_BEFORE_ENCOURAGING = 2  # B2.7: then an encouraging message, and later a call
MANUAL_MINUTES_A_DAY = 480  # at most so much can be written by hand for one person and one day
NEEDS_KEPT_DAYS = 7  # practical needs and sensitive answers, after the last meeting
USUALLY_MISSED_MINUTES = 15  # by who comes late or leaves early, where the roll does not say it
CARD_DAYS = 30  # D8: a printed one-time card is good so long
CARD_SESSION_MINUTES = 60  # and opens her own page for so long
CHILDREN_AT_MOST = 12  # whom one person may add as hers
SLIP_MINUTES = 60  # so long the same person may put a mark right without giving a reason
ROLL_KEPT_HOURS = 12  # a roll stays so long on the phone that opened it, for places without signal
CHECK_IN = {
    "opens_minutes_before": 30,  # lessons.md C: opens and closes around the start
    "closes_minutes_after": 60,
    "late_after_minutes": 10,  # until then a code at the door still means that she came in time
    "code_changes_seconds": 30,  # lessons.md C: it rotates, so a photo of it is soon worthless
    "code_lasts_seconds": 90,
    "sign_in_minutes": 15,  # who has to sign in first keeps the code she has read so long
}
SHEET_BLANK_ROWS = 5  # on a printed list for signatures, for people who come without having registered
SCAN_MEGABYTES = 10  # the largest scan of a signed list: about five photographs of a phone
ASSISTANCE = {
    "travel_minutes": {"same_town": 30, "same_county": 60, "elsewhere": 90, "remote": 15},  # A6.6
    "max_minutes_a_day": 240,  # A6.6
    "max_minutes_a_week": 900,  # A6.6
    "notice_minutes": {"urgent": 120, "emergency": 30},  # A5.5; planned: see planned_working_days
    "shortest_minutes": 15,
    "warn_over_minutes": 60,  # A6.5
    "second_assistant_over_minutes": 120,  # A6.5
    "tell_unfilled_hours_before": 24,  # A5.7
    "working_hours": (8, 16),  # A5.7; on working days, Polish public holidays excluded
    "planned_working_days": 2,  # A5.6
    "first_action_minutes": {"emergency": 60, "urgent": 240, "planned": 480},  # A5.7; of working time
    # A5.7; planned in working time, so that a day does not run out on a Sunday; urgent in waking hours
    "answer_minutes": {"emergency": 60, "urgent": 240, "planned": 480},
    "answer_shortest_minutes": 10,  # P
    "choose_minutes": {
        "emergency": 20,
        "urgent": 120,
        "planned": 480,
    },  # the coordinator among those interested; P
    # How many are asked at a time for one place; None: all who are left (U5). Sizes: P.
    "wave_sizes": {"emergency": [None], "urgent": [5, None], "planned": [3, 5, None]},
    "wave_grows_hours": {"emergency": [], "urgent": [4], "planned": [48, 24]},  # before the start; P
    # Told to an official for whom nobody was found (A5.7). The network's own number first, then public lines.
    "phone_alternatives": [
        *(
            [
                {
                    "name": SITE_NAME,
                    "number": env.str("NETWORK_PHONE"),
                    "when": env.str("NETWORK_PHONE_WHEN", default=""),
                }
            ]
            if env.str("NETWORK_PHONE", default="")
            else []
        ),
        # IOM's line for migrants: https://migrant.info.pl; hours as published, to be checked before a release
        {"name": "Migrant Info (IOM)", "number": "+48224902044", "when": _("Monday to Friday, 9:00–17:00")},
    ],
    # What an institution asks for.
    "break_after_minutes": 40,  # A6.5
    "break_minutes": 5,  # A6.5
    "briefing_minutes": 10,  # A6.9; before and after, by default where it will be hard
    "phone_fits_minutes": 20,  # A6.8; short logistics
    "phone_longest_minutes": 45,  # A6.8; longer meetings are better face to face
    "series_longest": 12,  # meetings asked for together; P
    "drafts_kept_days": 14,  # since they were last saved; P
    # The public list of the Ministry of Justice (A1.11), to be checked before a release.
    "sworn_interpreters_url": env.str(
        "SWORN_INTERPRETERS_URL",
        default="https://arch-bip.ms.gov.pl/pl/rejestry-i-ewidencje/tlumacze-przysiegli/"
        "lista-tlumaczy-przysieglych/search.html",
    ),
    "details_hidden_after_days": 30,  # A4
    "phone_hidden_after_hours": 24,  # A4
    # What is written in a request is deleted after it is over (C1.11), at the latest so long after its day.
    "texts_deleted_after_days": 30,
    "texts_deleted_at_latest_after_days": 120,  # P; a complaint that is open holds them back until then
    "case_numbers_deleted_after_days": 400,  # P; a year's statement needs them, and the same face for a case
    "complaint_texts_deleted_after_days": 180,  # P; since it was closed
    # What each side says afterwards.
    "feedback_days": 14,  # since the meeting; P
    "smile_minutes_before_end": 15,  # meetings end early; P
    "smile_days": 3,  # P
    "smiles_shown_from": 5,  # B4.10
    "complaint_days": 90,  # since the meeting; P
    "complaint_answer_days": 14,  # P
    "complaint_remind_days_before": 4,  # P; coordinators, once
    # The day itself, and what follows.
    "here_minutes_before": 60,  # so early an assistant can say that she is there
    "delays": [10, 20, 30],  # minutes she can say she will be late
    "late_after_minutes": 10,  # A5.4: then the institution may refuse her
    "absent_after_minutes": 15,  # so long both sides wait for a client; P
    "object_days": 7,  # so long the other side can speak against a no-show; P
    "code_tries": 5,  # wrong codes, until only the official can confirm
    "over_plan_minutes": 15,  # A5.8: what lasted longer is looked at by a coordinator
    "confirm_by_silence_days": 5,  # working days
    "remind_to_confirm_days": 3,  # working days
    # Of the planned time, where it was kept free for nothing (A5.5; the amount is a policy).
    "credit_percent": {"late_cancellation": 50, "client_no_show": 100, "institution_no_show": 100},
    "debriefing_working_days": 2,  # A7.1
    "debriefing_wellbeing": 2,  # of 5, and below
    "terms_at_once": 2,  # suggested for the glossary with one report
    "late_cancellation_hours": 48,  # A5.5
    "agreement_ends_warn_days": (60, 30),
    "sign_reminder_days": 5,
    "lowest_level": "B1",  # of the language and of Polish, to interpret at all; P
    "fairness_days": 30,  # over which hours are compared; A6.2
    "experience_days": 365,  # in which earlier jobs on a subject count; P
    "open_jobs_days": 21,  # how far ahead assistants see jobs they could take; P
    "open_jobs_shown": 20,
    # Points of the score by which those who fit are asked (A6.2; lessons.md G). All figures: P.
    "score": {
        "level": {"B1": 0, "B2": 6, "C1": 12, "C2": 16, "native": 16},  # spoken
        "verified": 4,  # by the network
        "way": 15,  # the shortest way; the longest one gives nothing
        "same_case": 30,  # continuity: has been there in the same case of the institution
        "same_series": 25,  # goes to other meetings of the row
        "preferred": 25,  # the institution would like this one again
        "fairness": 60,  # at a whole gap less than the median; as much less at the gap above it
        "fairness_gap_minutes": 20 * 60,  # so far above the median she comes after all others
        "fairness_beyond_gap": 250,  # more than all other parts together
        "rest": 10,  # nothing else close by
        "rest_hours": 24,  # as long a rest before and after gives all of it
        "trained": 5,  # on the subject, where it is no must
        "experience": 10,  # with as many jobs on the subject as follow
        "experience_jobs": 5,
        "wish": 8,  # taken off for each wish that is not met
        "not_asked": 8,  # as many days ago as follow, or never
        "not_asked_days": 7,
        "interested": 30,  # came forward herself
    },
    # Without these nobody is sent to work (A6.1, A7.4); the child check only where minors are.
    "papers_required": [
        "code_of_conduct",
        "confidentiality",
        "contract",
        "insurance",
        "child_protection",
    ],
    "child_check_months": 12,  # A2.4; P
    "new_version_days": 14,  # to read and accept a new version; P
    "warn_of_papers_days": [30, 7, 0],  # before a paper ends; P
    "few_requests": 30,  # under so many a figure says how much one request changes it; P
    "suppress_under": 5,  # features.md U9
}

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
