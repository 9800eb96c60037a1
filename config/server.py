"""Settings of gunicorn: ``gunicorn -c python:config.server config.wsgi``. ``manage.py serve`` uses them too."""

from __future__ import annotations

import os
from typing import Any

from gunicorn.glogging import Logger

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from django.conf import settings

from config import logs


class ServerLog(Logger):  # type: ignore[misc]  # gunicorn has no types
    """Gunicorn's own words, as lines like everybody else's."""

    def setup(self, cfg: Any) -> None:
        """Take gunicorn's handlers off, so that its records reach ours."""
        super().setup(cfg)
        logs.configure(settings.LOGGING)
        for log in (self.error_log, self.access_log):
            log.handlers.clear()
            log.propagate = True


def host() -> str:
    """Return where to listen: this machine alone, or all its addresses when the public one is elsewhere."""
    return "127.0.0.1" if settings.LOOPBACK else "0.0.0.0"  # noqa: S104 -- the proxy may be another machine


bind = f"{host()}:{settings.PORT}"
workers = settings.WEB_CONCURRENCY
worker_class = "gthread"
threads = 8
timeout = 60
graceful_timeout = 10
keepalive = 5
# A list's own link to its next page may carry two Arabic texts of 200 letters and a cursor: some 4,300 bytes.
limit_request_line = 8190
logger_class = ServerLog
accesslog = None  # config.middleware writes a line a request
control_socket_disable = True
forwarded_allow_ips = ""  # config.middleware decides whom to believe
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108, PTH112 -- memory, where there is one
