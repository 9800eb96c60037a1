"""Run Django's commands with the project's settings."""

import os
import sys

if sys.version_info < (3, 11):  # noqa: UP036 -- whoever comes with an older Python is told so
    sys.exit("Python 3.11 or newer is needed, this is %d.%d." % sys.version_info[:2])  # noqa: UP031 -- as above

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

from config import env

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        env.read_file(env.BASE_DIR / ".env")
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(f"{error}")
