"""Django's settings. What an operator may set comes from the environment: ``docs/settings.md``."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.utils.translation import gettext_lazy as _

from yanlu.project import environment, secrets

ROOT = environment.ROOT
PACKAGE = Path(__file__).resolve().parents[1]
HOME = environment.home()

_secrets = secrets.load(HOME)
SECRET_KEY = _secrets.session_key
YANLU_DATA_KEYS = _secrets.data_keys
YANLU_INDEX_SECRET = _secrets.index_secret
YANLU_SEAL_KEY = HOME / "seal-key.pem"

DEBUG = False
ALLOWED_HOSTS = environment.allowed_hosts()
CSRF_TRUSTED_ORIGINS = environment.trusted_origins()
YANLU_DEMO = environment.is_demo()
YANLU_ENCODER, YANLU_ENCODER_KEY = environment.encoder()
YANLU_ADDRESS = environment.address()
YANLU_POOL = environment.pool()
YANLU_RAY_ADDRESS = environment.value("YANLU_RAY_ADDRESS")
YANLU_SMTP_URL, YANLU_MAIL_FROM = environment.smtp()
YANLU_SMS_URL, YANLU_SMS_SECRET = environment.gateway("SMS")
YANLU_WECHAT_URL, YANLU_WECHAT_SECRET = environment.gateway("WECHAT")

# Daft and Ray would tell their makers over the net that they run here.
os.environ["DO_NOT_TRACK"] = "1"
os.environ["RAY_USAGE_STATS_ENABLED"] = "0"

INSTALLED_APPS = [
    "yanlu.project.apps.ProjectConfig",
    "yanlu.web",
    "yanlu.api",
    "yanlu.insight",
    "yanlu.oversight",
    "yanlu.exchange",
    "yanlu.cases",
    "yanlu.dispatch",
    "yanlu.intake",
    "yanlu.notices",
    "yanlu.people",
    "yanlu.places",
    "yanlu.kernel",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.admin",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "yanlu.api.middleware.ShortWay",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "yanlu.web.middleware.ChosenLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "yanlu.web.middleware.ContentSecurity",
    "yanlu.web.middleware.RefusalPages",
]

ROOT_URLCONF = "yanlu.project.urls"
WSGI_APPLICATION = "yanlu.project.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "yanlu.web.context.page",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"


def _database(url: str) -> dict[str, Any]:
    """Django's words for a ``postgresql://user:password@host:port/name?host=/socket`` address."""
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "yanlu.project.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", None) or parts.hostname or "",
        "PORT": options.pop("port", None) or str(parts.port or ""),
        "OPTIONS": options,
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "TEST": {"NAME": environment.test_database()},
    }


DATABASES = {"default": _database(environment.database_url())}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# Sign-in by allauth: residents by a code to their phone (``web.accounts.phone_code``), staff by
# name, password and TOTP. Nobody signs up, and no mail is ever sent.
ACCOUNT_ADAPTER = "yanlu.web.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 5 * 60
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_PHONE_VERIFICATION_CODE_FORMAT = {"numeric": True, "dashed": False, "length": 6}
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_FORMS = {
    "login": "yanlu.web.accounts.forms.StaffSignInForm",
    "confirm_login_code": "yanlu.web.accounts.forms.PhoneCodeForm",
    "reauthenticate": "yanlu.web.accounts.forms.PasswordAgainForm",
}
MFA_ADAPTER = "yanlu.web.accounts.adapter.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "yanlu.web.accounts.forms.SecondFactorForm",
    "reauthenticate": "yanlu.web.accounts.forms.SecondFactorAgainForm",
    "activate_totp": "yanlu.web.accounts.forms.SetUpSecondFactorForm",
}
MFA_TOTP_ISSUER = "Yanlu"
MFA_TOTP_TOLERANCE = 1
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"

ACCOUNT_USER_MODEL_USERNAME_FIELD = "username"
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if environment.is_https() else 0

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [
    ("zh-hans", _("Simplified Chinese")),
    ("zh-hant", _("Traditional Chinese")),
    ("en", _("English")),
]
LOCALE_PATHS = [PACKAGE / "web" / "locale"]
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = HOME / "static"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "yanlu.web.vendor.NodeFinder",
]
YANLU_NODE_MODULES = ROOT / "node_modules"
MEDIA_ROOT = HOME / "media"
YANLU_MODELS = HOME / "models"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = environment.is_https()
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if environment.is_https() else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024

PROCRASTINATE_ON_APP_READY = None

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "yanlu.kernel.logs.JsonLine"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": environment.log_level()},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "procrastinate": {"level": "WARNING"},
    },
}
