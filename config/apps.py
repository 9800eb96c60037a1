"""The composition root as an app, so that its checks and commands are found, and the admin with our site."""

from __future__ import annotations

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class ConfigConfig(AppConfig):
    """What joins the apps together."""

    name = "config"
    default = True

    def ready(self) -> None:
        """Register the checks, and make Celery's application the current one."""
        from config import celery, checks  # noqa: F401, PLC0415 -- importing registers them, once the apps are ready


class AdminConfig(admin_apps.AdminConfig):
    """Django's admin with a site that asks for more than a password."""

    default_site = "config.admin.AdminSite"
    default = False
