"""Addresses of the pages of accounts. ``/dev/mail`` answers in the embedded mode alone."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from accounts.web import (
    api_keys,
    businesses,
    dev_mail,
    invitations,
    logo,
    members,
    numbering,
    preferences,
    settings,
    taxes,
)

app_name = "accounts"
urlpatterns: list[URLPattern | URLResolver] = [
    path("settings", settings.SettingsIndex.as_view(), name="settings"),
    path("settings/profile", settings.Profile.as_view(), name="settings_profile"),
    path("settings/security", settings.Security.as_view(), name="settings_security"),
    path("settings/businesses", businesses.Businesses.as_view(), name="settings_businesses"),
    path("settings/businesses/new", businesses.NewBusiness.as_view(), name="business_new"),
    path("settings/businesses/<str:pk>/archive", businesses.ArchiveBusiness.as_view(), name="business_archive"),
    path("settings/businesses/<str:pk>/restore", businesses.RestoreBusiness.as_view(), name="business_restore"),
    path("settings/business", settings.BusinessSettings.as_view(), name="settings_business"),
    path("settings/business/logo", logo.Logo.as_view(), name="settings_logo"),
    path("settings/defaults", settings.DefaultsSettings.as_view(), name="settings_defaults"),
    path("settings/numbering", numbering.Numbering.as_view(), name="settings_numbering"),
    path("settings/taxes", taxes.Taxes.as_view(), name="settings_taxes"),
    path("settings/payment", settings.PaymentSettings.as_view(), name="settings_payment"),
    path("settings/members", members.Members.as_view(), name="settings_members"),
    path("settings/api-keys", api_keys.ApiKeys.as_view(), name="settings_api_keys"),
    path("settings/usage", settings.Usage.as_view(), name="settings_usage"),
    path("settings/switch", preferences.switch_business, name="switch_business"),
    path("settings/language", preferences.set_language, name="set_language"),
    path("settings/theme", preferences.set_theme, name="set_theme"),
    path("invitations/<str:token>", invitations.InvitationPage.as_view(), name="invitation"),
    path("dev/mail", dev_mail.mail_list, name="dev_mail"),
    path("dev/mail/<str:name>", dev_mail.mail_message, name="dev_mail_message"),
    path("dev/mail/<str:name>/html", dev_mail.mail_html, name="dev_mail_html"),
    path("dev/mail/<str:name>/attachments/<int:number>", dev_mail.mail_attachment, name="dev_mail_attachment"),
]
