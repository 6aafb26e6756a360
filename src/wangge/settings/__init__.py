"""The settings of Wangge, from the environment. State lies under WANGGE_HOME; secrets are files of mode 0600."""

from __future__ import annotations

from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from wangge.runtime import paths, secrets
from wangge.settings import databases, environment, logs

environment.load()

PACKAGE = Path(__file__).resolve().parent.parent
HOME = paths.home()

DEBUG = environment.flag("WANGGE_DEBUG")
SECRET_KEY = secrets.get("django_key")
SECRET_KEY_FALLBACKS = secrets.previous("django_key")
ALLOWED_HOSTS = environment.words("WANGGE_HOSTS", "localhost,127.0.0.1,[::1]")
ROOT_URLCONF = "wangge.urls"
WSGI_APPLICATION = "wangge.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    # Commands come first: their `migrate` replaces Django's.
    "wangge.interfaces.commands",
    "wangge.scenarios",
    "wangge.interfaces.api",
    "wangge.interfaces.staff",
    "wangge.interfaces.public",
    "wangge.interfaces.screen",
    "wangge.interfaces.web",
    "wangge.inspections",
    "wangge.patrols",
    "wangge.assessment",
    "wangge.kernel.wall",
    "wangge.kernel.signals",
    "wangge.kernel.desk",
    "wangge.kernel.reading",
    "wangge.kernel.spots",
    "wangge.kernel.tasks",
    "wangge.kernel.indicators",
    "wangge.kernel.cases",
    "wangge.kernel.ledger",
    "wangge.kernel.duties",
    "wangge.kernel.people",
    "wangge.kernel.places",
    "wangge.kernel.journal",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_htmx",
    "django_vite",
    "ninja",
    "procrastinate.contrib.django",
    "template_partials",
    "whitenoise.runserver_nostatic",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "wangge.interfaces.web.middleware.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "wangge.interfaces.api.middleware.ApiDoor",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "wangge.interfaces.web.middleware.Problems",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

DATABASES = {"default": databases.default()}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# Language and time: Chinese first, English complete; each area may have a time zone of its own.
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [PACKAGE / "locale"]
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# Files: what the project ships (static) and what people send (files, outside the web root).
STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
FRONTEND_BUILD = PACKAGE / "static" / "build"
STATICFILES_DIRS = [PACKAGE / "static"] if FRONTEND_BUILD.is_dir() else []
FILES_ROOT = HOME / "files"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": FILES_ROOT, "file_permissions_mode": 0o600, "directory_permissions_mode": 0o700},
    },
    # Not the manifest storage: renaming files breaks the references between Vite's own chunks.
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = DEBUG  # else `up` collects the files, compressed
DJANGO_VITE = {
    "default": {
        "dev_mode": environment.flag("WANGGE_VITE_DEV"),
        "manifest_path": FRONTEND_BUILD / "manifest.json",
        "static_url_prefix": "build",
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500

# Accounts are made by an administrator, never by signing up.
AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/desk/start"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "wangge.interfaces.web.accounts.ClosedSignup"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_TOTP_ISSUER = "Wangge"

# Safety of pages. TLS ends at a proxy; WANGGE_TLS=1 says that it does.
TLS = environment.flag("WANGGE_TLS")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TLS else None
# The proxy names the client last in X-Forwarded-For; else a few wrong passwords would lock out everybody behind it.
ALLAUTH_TRUSTED_PROXY_COUNT = int(TLS)
SECURE_SSL_REDIRECT = TLS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 31536000 if TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = TLS
SECURE_CONTENT_TYPE_NOSNIFF = True
# Some tile hosts refuse a request without a referrer.
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = TLS
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = environment.words("WANGGE_ORIGINS")
CSRF_FAILURE_VIEW = "wangge.interfaces.web.problems.csrf_failure"
X_FRAME_OPTIONS = "DENY"
BOOKLET_FONT = environment.text("WANGGE_BOOKLET_FONT", "")
"""A TrueType file that the booklets of the review meeting embed; without it they use the reader's Chinese font."""
# Requests a minute that one API token may make.
API_RATE = int(environment.text("WANGGE_API_RATE", "60000"))
# Reports and additions that one address may send in ten minutes without an account.
PUBLIC_RATE = int(environment.text("WANGGE_PUBLIC_RATE", "30"))
#: A report so near to a public part of its class is about that part.
PART_METRES = int(environment.text("WANGGE_PART_METRES", "15"))
METRICS_TOKEN = environment.text("WANGGE_METRICS_TOKEN")
TILE_HOSTS = environment.words("WANGGE_TILE_HOSTS")
# A base map by tiles (XYZ), and the subdistrict that the public pages serve, where there are several.
TILE_URL = environment.text("WANGGE_TILE_URL")
PUBLIC_ROOT = environment.text("WANGGE_PUBLIC_ROOT")
#: What the notice cards of grids say: a phone that residents may ring, and whether names are left out.
SERVICE_PHONE = environment.text("WANGGE_SERVICE_PHONE")
CARD_POSTS_ONLY = environment.flag("WANGGE_CARD_POSTS_ONLY")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:", *TILE_HOSTS],
        "font-src": [SELF],
        "connect-src": [SELF, *TILE_HOSTS],
        "worker-src": [SELF, "blob:"],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
LOGGING_CONFIG = None
LOGGING = logs.configuration(HOME / "logs", to=environment.text("WANGGE_LOG", "file"), debug=DEBUG)
logs.apply(LOGGING)
SILENCED_SYSTEM_CHECKS = ["auth.W004"]  # user names are unique whatever their case, by a constraint on lower()
