"""All addresses: each app's own, and what stands over several of them."""

from __future__ import annotations

from django.contrib import admin
from django.templatetags.static import static
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.utils.functional import lazy
from django.views.generic import RedirectView

from accounts.api.base import UnknownAddress
from config import docs, errors
from config.guide import guide
from config.health import health
from config.pages.components import components
from config.pages.home import home
from config.pages.search import search
from invoicing.web.clients import ClientDetailWithInvoices, ClientListWithFigures
from invoicing.web.exports import ClientExport
from payments.web.acts import RefundPayment
from payments.web.detail import InvoiceDetailWithPayments

static_address = lazy(static, str)  # known once the files are collected

api_urls: list[URLPattern | URLResolver] = [
    path("schema", docs.schema, name="schema"),
    path("", include("accounts.api.urls")),
    path("", include("payments.api.urls")),  # before invoicing's: refunds of what a gateway took
    path("", include("extraction.api.urls")),
    path("", include("invoicing.api.urls")),  # clients, too, with their figures
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home, name="home"),
    path("search", search, name="search"),
    path("dev/components", components, name="dev_components"),
    path("favicon.ico", RedirectView.as_view(url=static_address("icons/favicon.svg"))),
    path("health", health, name="health"),
    path("docs", docs.swagger, name="docs"),
    path("docs/guide", guide, name="guide"),
    path("redoc", docs.redoc, name="redoc"),
    path("redoc/script.js", docs.redoc_script, name="redoc-script"),
    path("api/v1/", include(api_urls)),
    re_path(r"^api(?:/|$)", UnknownAddress.as_view()),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("admin", RedirectView.as_view(pattern_name="admin:index")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include("accounts.urls")),
    # The same addresses as in clients, shown with what invoicing knows of them
    path("clients", ClientListWithFigures.as_view()),
    re_path(r"^clients/(?P<pk>cli_[^/]+)$", ClientDetailWithInvoices.as_view()),
    path("clients/export", ClientExport.as_view(), name="client_export"),  # before a client of that name
    path("", include("clients.urls")),
    # The same addresses as in invoicing, with what gateways know
    re_path(r"^invoices/(?P<pk>inv_[^/]+)$", InvoiceDetailWithPayments.as_view()),
    path("invoices/<str:pk>/payments/<str:payment>/refund", RefundPayment.as_view()),
    path("", include("payments.urls")),
    path("", include("extraction.urls")),
    path("", include("invoicing.urls")),
]

handler400 = errors.handler400
handler403 = errors.handler403
handler404 = errors.handler404
handler500 = errors.handler500
