"""Settings of the tests: the application's own, in a folder that goes with the process.

With ``DATABASE_URL`` and ``REDIS_URL`` the tests run on those; every other setting is left at its default.
"""

from __future__ import annotations

import atexit
import os
import re
import shutil
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

KEPT = {"DATABASE_URL", "REDIS_URL"}
EXAMPLE = Path(__file__).resolve().parent.parent / ".env.example"
for name in re.findall(r"^#?([A-Z_]+)=", EXAMPLE.read_text(encoding="utf-8"), re.MULTILINE):
    if name not in KEPT:
        os.environ.pop(name, None)
        os.environ.pop(f"{name}_FILE", None)

folder = tempfile.mkdtemp(prefix="invoicing-tests-")
atexit.register(shutil.rmtree, folder, ignore_errors=True)
os.environ["VAR_DIR"] = folder

# Each process of xdist has a Redis database of its own: clearing the cache empties all of it.
worker = os.environ.get("PYTEST_XDIST_WORKER", "")
if worker and os.environ.get("REDIS_URL"):
    address = urlsplit(os.environ["REDIS_URL"])
    number = (int(address.path.strip("/") or 0) + 1 + int(worker.removeprefix("gw"))) % 16
    os.environ["REDIS_URL"] = address._replace(path=f"/{number}").geturl()

from config.settings import *  # noqa: E402, F403 -- all of them, then what tests change
from config.settings import DATABASES, VAR_DIR  # noqa: E402 -- named, so that they are known below

# What the embedded mode offers is tested on every database; production's refusals are tested by their own settings.
EMBEDDED = True
if "sqlite" in str(DATABASES["default"]["ENGINE"]):
    # A file, so that threads meet each other as they do in earnest.
    DATABASES["default"]["TEST"] = {"NAME": VAR_DIR / "test.sqlite3"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Static files are served from where they lie, without being collected first.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
