"""The application for a WSGI server such as gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

from config.bodies import hanging_up, measured

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = measured(hanging_up(get_wsgi_application()))

from config.checks import refuse_unsafe  # noqa: E402 -- the settings must be there first

refuse_unsafe()
