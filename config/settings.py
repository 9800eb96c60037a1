"""Settings of both ways to run: embedded (nothing set) and production. See docs/operations.md."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

import django_stubs_ext

from config import env

# Lets generic classes such as CharField[str, str] be written with their parameters at run time.
django_stubs_ext.monkeypatch()

BASE_DIR = env.BASE_DIR
VAR_DIR = env.folder("VAR_DIR", BASE_DIR / "var")
PORT = env.number("PORT", 8000, low=1, high=65535)
PUBLIC_URL = env.url("PUBLIC_URL", f"http://localhost:{PORT}", ("http", "https"))
PUBLIC_HOST = urlsplit(PUBLIC_URL).hostname or "localhost"
LOOPBACK = PUBLIC_HOST in {"localhost", "127.0.0.1", "::1"}
REDIS_URL = env.url("REDIS_URL", "", ("redis", "rediss", "unix"))
SMTP = env.smtp()
# Without Redis one process counts every limit; config/checks.py refuses more.
WEB_CONCURRENCY = env.number("WEB_CONCURRENCY", 2 if REDIS_URL else 1, low=1, high=64)
EMBEDDED = not (env.text("DATABASE_URL") or REDIS_URL or SMTP) and LOOPBACK

DEBUG = env.boolean("DEBUG", default=False)
SECRET_KEY = env.secret_key(VAR_DIR)
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS") or [
    PUBLIC_HOST,
    *(["localhost", "127.0.0.1", "[::1]"] if LOOPBACK else []),
]
TRUSTED_PROXIES = env.networks("TRUSTED_PROXIES")
REGISTRATION = env.choice("REGISTRATION", "open", ("open", "closed"))

INSTALLED_APPS = [
    "config.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "config",
    "accounts",
    "clients",
    "invoicing",
    "payments",
    "extraction",
]

MIDDLEWARE = [
    "config.middleware.RequestIdMiddleware",
    "config.middleware.UsageMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.PageCompressionMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.middleware.UserLanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "config.middleware.SessionSeenMiddleware",
    "config.middleware.ErrorMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
# The API's addresses have no trailing slash; a redirect would lose the body of a POST.
APPEND_SLASH = False

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
                "accounts.web.context.shell",
                "config.pages.shell.shell",
            ],
        },
    },
]

DATABASES = {"default": env.database(VAR_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": (
        {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": REDIS_URL,
            "OPTIONS": {"socket_connect_timeout": 3, "socket_timeout": 3},
        }
        if REDIS_URL
        # Limits are exact only while one process holds the cache: the embedded web server has one, with threads.
        else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 100_000}}
    )
}

# Who acts

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": name}
    for name in (
        "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "accounts.passwords.MinimumLengthValidator",
        "django.contrib.auth.password_validation.CommonPasswordValidator",
        "django.contrib.auth.password_validation.NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email", "username"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_MAX_EMAIL_ADDRESSES = 5
MFA_FORMS = {
    "authenticate": "accounts.web.code_forms.AuthenticateForm",
    "reauthenticate": "accounts.web.code_forms.ReauthenticateForm",
    "activate_totp": "accounts.web.code_forms.ActivateTOTPForm",
}
ACCOUNT_FORMS = {
    "login": "accounts.web.account_forms.LoginForm",
    "signup": "accounts.web.account_forms.SignupForm",
    "reset_password": "accounts.web.account_forms.ResetPasswordForm",
    "user_token": "accounts.web.account_forms.UserTokenForm",
    "add_email": "accounts.web.account_forms.AddEmailForm",
}
# Log-in, sign-up and reset are counted by accounts/ratelimits.py; what is left to allauth are one-time codes
# (login_failed) and the pages of those who are signed in.
ACCOUNT_RATE_LIMITS = {"login": None, "signup": None, "reset_password": None, "login_failed": "5/5m/key"}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = PUBLIC_HOST
USERSESSIONS_TRACK_ACTIVITY = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"

# The API

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.authentication.ApiKeyAuthentication",
        "accounts.authentication.JWTAuthentication",
        "accounts.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_PARSER_CLASSES": ["accounts.api.media.JSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["accounts.api.media.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "accounts.api.pagination.Pagination",
    "EXCEPTION_HANDLER": "config.errors.api_exception_handler",
    "COERCE_DECIMAL_TO_STRING": False,
    "URL_FORMAT_OVERRIDE": None,
}
SIMPLE_JWT = {
    "ACCESS_TOKEN_LIFETIME": timedelta(minutes=30),
    "REFRESH_TOKEN_LIFETIME": timedelta(days=30),
    "USER_ID_FIELD": "id",
    "USER_ID_CLAIM": "sub",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Invoicing API",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "accounts.api.schema.sparse_answers",
        "config.openapi.close_bodies",
        "config.openapi.describe_refusals",
        "config.openapi.repeat_examples",
        "config.openapi.show_code",
    ],
    "ENUM_NAME_OVERRIDES": {
        "ClientType": "clients.choices.ClientType",
        "InvoiceStatus": "invoicing.domain.lifecycle.Status",
        "InvoiceType": "invoicing.choices.InvoiceType",
        "ItemType": "invoicing.choices.ItemType",
        "PaymentMethod": "invoicing.choices.PaymentMethod",
        "SettableStatus": "invoicing.api.serializers.SettableStatus",
        "TaxCategory": "invoicing.choices.TaxCategory",
    },
}
RATE_LIMITS = {
    "api": env.rate("RATE_LIMIT_API", "100/m"),
    "api_burst": env.rate("RATE_LIMIT_API_BURST", "10/s"),
    "email": env.rate("RATE_LIMIT_EMAIL", "5/h"),
    "invite": "30/h",
    "invite_address": "3/h",
    "picture": "120/m",
    "login": env.rate("RATE_LIMIT_LOGIN", "10/m"),
    "ask": "10/h",
    "ask_business": "100/h",
    "checkout": "30/m",
    "inbox": "600/h",
    "register": env.rate("RATE_LIMIT_REGISTER", "30/h"),
    "reset": "20/h",
}

# What upper apps bring up to date with a changed client, in the transaction that changes it
CLIENT_FOLLOWERS = ("invoicing.services.drafts.refresh_drafts_of",)
# What upper apps keep in a business, cleaned by ``(business, value) -> value``
BUSINESS_CLEANERS = {
    "number_formats": "invoicing.domain.numbering.clean_formats",
    "next_numbers": "invoicing.domain.numbering.clean_next_numbers",
}
# How the pages and the API of a business show its numbering: by kind the next sequence number, and the format in use
BUSINESS_NUMBERING = {
    "next_numbers": "invoicing.domain.numbering.next_numbers",
    "format_of": "invoicing.domain.numbering.format_of",
}
# What is thrown away with a business in which nothing was ever issued
BUSINESS_EMPTIERS = ("invoicing.services.drafts.throw_drafts_away",)

# Work off the request path: the kinds of queued rows, each with the job that does one

QUEUE_KINDS = {
    "delivery": ("accounts.Delivery", "accounts.jobs.deliveries.send"),
    "artifact": ("invoicing.Artifact", "invoicing.jobs.artifacts.render_pdf"),
    "webhook_event": ("payments.WebhookEvent", "payments.jobs.events.apply_event"),
    "link_change": ("payments.LinkChange", "payments.jobs.links.tell_gateway"),
    "gateway_refund": ("payments.GatewayRefund", "payments.jobs.refunds.find_out"),
    "extraction": ("extraction.Extraction", "extraction.jobs.extractions.extract"),
}
# What an upper app contributes to the mails it ordered: their attachments, and what follows when they went or failed
DELIVERY_TOPICS = {
    "invoice": "invoicing.services.sending.InvoiceMail",
    "receipt": "invoicing.services.receipt_mail.ReceiptMail",
}
# What is looked for at every sweep, and every few seconds by ``manage.py work``: functions without arguments
SWEEPS = ["payments.jobs.links.close_stale"]
# What is cleared away once an hour: functions that take the moment
CHORES = [
    "accounts.jobs.chores.forget_answers",
    "accounts.jobs.chores.forget_token_families",
    "accounts.jobs.chores.forget_sessions",
    "invoicing.jobs.carrying.carry_sums_forward",
    "extraction.jobs.files.forget_stray_files",
    "extraction.services.calls.abandon_stale",
]
CELERY_BROKER_URL = REDIS_URL or None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 240
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,
    # A nudge that finds no broker is given up at once: a command must not wait for it.
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.1,
    "interval_max": 0.1,
    "socket_connect_timeout": 2,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# Celery's own handlers would write a second line, without masks.
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE = {"sweep": {"task": "accounts.sweep", "schedule": 30.0}}

# Mail: files under var/mail and a page that shows them, or SMTP

DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", f"Invoices <invoices@{PUBLIC_HOST}>")
MAIL_DIR = VAR_DIR / "mail"

# Payments by Stripe, and documents read by Gemini

STRIPE_API_KEY = env.text("STRIPE_API_KEY")
STRIPE_WEBHOOK_SECRET = env.text("STRIPE_WEBHOOK_SECRET")
STRIPE_API_BASE = env.url("STRIPE_API_BASE", "https://api.stripe.com", ("https", "http"))
# Stands in for Stripe, started by ``serve`` where there is no key
SANDBOX_KEY = "sk_test_sandbox"
SANDBOX = EMBEDDED and STRIPE_API_KEY == SANDBOX_KEY
SANDBOX_PORT = PORT + 1000 if PORT + 1000 <= 65535 else PORT - 1000
GEMINI_API_KEY = env.text("GEMINI_API_KEY")
GEMINI_BASE_URL = env.url("GEMINI_BASE_URL", "", ("https", "http"))
GEMINI_MODEL = env.text("GEMINI_MODEL", "gemini-2.5-flash")
VERTEX_PROJECT = env.text("VERTEX_PROJECT")
VERTEX_LOCATION = env.text("VERTEX_LOCATION")
GOOGLE_APPLICATION_CREDENTIALS = env.text("GOOGLE_APPLICATION_CREDENTIALS")
EXTRACTION_BUDGET_USD = env.decimal("EXTRACTION_BUDGET_USD", "10", or_zero=True)
DISPLAY_CURRENCY = env.currency("DISPLAY_CURRENCY", "INR")
DISPLAY_RATE = env.decimal("DISPLAY_RATE", "90")

# Languages

LANGUAGE_CODE = "en"
LANGUAGES = [("ar", "العربية"), ("en", "English"), ("fr", "Français")]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_SAMESITE = "Lax"
TIME_ZONE = "UTC"
USE_TZ = True

# Files

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR_DIR / "static"
MEDIA_ROOT = VAR_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
# The editor sends thirteen fields a line, and an invoice has at most 1,000 lines.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 14_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000

# Security

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
    },
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
HTTPS = PUBLIC_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
CSRF_FAILURE_VIEW = "config.errors.csrf_failure"

LOGGING_CONFIG = "config.logs.configure"
LOGGING = {"format": "text" if EMBEDDED else "json", "level": "INFO"}
