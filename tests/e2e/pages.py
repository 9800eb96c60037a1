"""Every page of the product that is HTML, each with the state in which it is looked at. A new page joins this list."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.contrib import admin
from django.contrib.admin.utils import quote
from django.urls import reverse
from playwright.sync_api import Page as Tab

from tests.e2e.world import HOMELESS, LONG, NEWCOMER, NOBODY, OWNER, SECURED, VIEWER, World
from tests.factories.accounts import PASSWORD

Act = Callable[[Tab, World], None]


def nothing(_tab: Tab, _world: World) -> None:
    """Look at the page as it comes."""


@dataclass(frozen=True)
class Page:
    """A page in one state: whose window shows it, at which address, and what is done there before it is looked at."""

    name: str
    view: str  # the name of its URL
    where: Callable[[World], str] | None = None
    who: str = OWNER
    act: Act = nothing
    status: int = 200
    leads_on: bool = False  # its address is another in the end
    main: bool = False  # one of those that people work on: also by keyboard and with large text

    def address(self, world: World) -> str:
        """Return its address."""
        return self.where(world) if self.where else reverse(self.view)


# What is done on a page before it is looked at


def click(selector: str) -> Act:
    """Click what is found first."""
    return lambda tab, world: tab.locator(selector).locator("visible=true").first.click()


def send_empty(tab: Tab, _world: World) -> None:
    """Empty the fields of the page's form and send it past the browser's own checks."""
    with tab.expect_navigation():
        tab.evaluate(
            """() => {
              const form = [...document.querySelectorAll("main form[method=post]")].find((form) => form.querySelector(
                "input:not([type=hidden], [type=submit]), textarea, select"));
              for (const field of form.querySelectorAll("input:not([type=hidden], [type=checkbox], [type=radio]), textarea"))
                field.value = "";
              form.noValidate = true;
              for (const name of ["hx-post", "hx-boost"]) form.removeAttribute(name);
              HTMLFormElement.prototype.submit.call(form);
            }"""
        )


def press(key: str) -> Act:
    """Press a key."""
    return lambda tab, world: tab.keyboard.press(key)


def search_for(term: str) -> Act:
    """Open the palette and type."""

    def act(tab: Tab, _world: World) -> None:
        tab.keyboard.press("Control+k")
        tab.locator("#palette-term").fill(term)
        tab.locator("#palette-found [role=option] mark").first.wait_for()

    return act


def log_in_halfway(tab: Tab, world: World) -> None:
    """Say the password; the second factor is asked for."""
    tab.fill("[name=login]", world.users[SECURED].email)
    tab.fill("[name=password]", PASSWORD)
    tab.locator("main form:has([name=password]) button[type=submit]").click()
    tab.wait_for_url("**/2fa/authenticate/")


def tick_two(tab: Tab, _world: World) -> None:
    """Select the first two rows."""
    for box in tab.locator("tbody td [type=checkbox]").locator("visible=true").all()[:2]:
        box.check(force=True)


# Addresses


def of(view: str, invoice: str) -> Callable[[World], str]:
    """Return where a page about an invoice of the filled business is."""
    return lambda world: reverse(view, args=[world.invoices[invoice].pk])


def of_long(view: str, invoice: str = "issued") -> Callable[[World], str]:
    """Return where a page about an invoice with the longest values is."""
    return lambda world: reverse(view, args=[world.long_invoices[invoice].pk])


def of_document(document: str, query: str = "") -> Callable[[World], str]:
    """Return where a supplier's document is verified."""
    return of_paper(VERIFY, document, query)


def of_paper(view: str, document: str, query: str = "") -> Callable[[World], str]:
    """Return where a page about a supplier's document is."""
    return lambda world: reverse(view, args=[world.documents[document].pk]) + query


def of_selected(act: str) -> Callable[[World], str]:
    """Return where an act on all documents of the list is asked for."""
    return lambda _world: f"{reverse('extraction:selected')}?act={act}&all=1"


def compared(world: World) -> str:
    """Return where a document is compared with what was read of it first."""
    document = world.documents["read twice"]
    first = document.extractions.order_by("created_at")[0]
    return f"{reverse(VERIFY, args=[document.pk])}?compare={first.pk}"


def of_client(view: str, client: str = "filled") -> Callable[[World], str]:
    """Return where a page about a client is."""
    return lambda world: reverse(view, args=[world.clients[client].pk])


def at(address: str) -> Callable[[World], str]:
    """Return a fixed address."""
    return lambda _world: address


def plus(view: str, query: str) -> Callable[[World], str]:
    """Return the address of a view with a query."""
    return lambda _world: f"{reverse(view)}?{query}"


VERIFY = "extraction:document_verify"
LIST, DETAIL, EDIT = "invoicing:invoice_list", "invoicing:invoice_detail", "invoicing:invoice_edit"
STATUSES = (
    "draft",
    "issued",
    "sent",
    "viewed",
    "partly paid",
    "paid",
    "overdue",
    "cancelled",
    "refunded",
    "credited",
    "credit note",
    "debit note",
)
ACTS = {
    "issue": "draft",
    "delete": "draft",
    "send": "issued",
    "mark": "issued",
    "payment": "issued",
    "cancel": "issued",
    "credit": "sent",
    "debit": "sent",
    "duplicate": "paid",
}
ERRORS = {400: "fields", 403: "denied", 404: "missing", 409: "conflict", 429: "limited", 500: "failure"}

WORK = (
    Page("home", "home", main=True),
    Page("home, newcomer", "home", who=NEWCOMER),
    Page("home, viewer", "home", who=VIEWER),
    Page("home, longest", "home", who=LONG),
    Page("list", LIST, main=True),
    Page("list, two selected", LIST, act=tick_two),
    *(
        Page(f"selected, {act}", "invoicing:selected", lambda w, act=act: f"/invoices/selected?act={act}&all=1")  # type: ignore[misc]  # mypy infers no lambda with a default
        for act in ("send", "pay", "delete", "zip")
    ),
    Page("selected, longest", "invoicing:selected", at("/invoices/selected?act=pay&all=1"), who=LONG),
    Page("view, to be saved", "invoicing:views", plus("invoicing:views", "query=status%3Doverdue")),
    Page("view, saved", "invoicing:view", lambda world: reverse("invoicing:view", args=[world.view])),
    Page("list, menu of a view", LIST, act=click("main details.more > summary")),
    Page("list, filtered", LIST, plus(LIST, "status=overdue&search=INV")),
    Page("list, filtered to nothing", LIST, plus(LIST, "search=there-is-no-such-thing")),
    Page("list, empty", LIST, who=NEWCOMER),
    Page("list, viewer", LIST, who=VIEWER),
    Page("list, longest", LIST, who=LONG),
    Page("editor", "invoicing:invoice_new", main=True),
    Page("editor, newcomer", "invoicing:invoice_new", who=NEWCOMER),
    Page("editor, wrong", "invoicing:invoice_new", act=send_empty, status=422),
    Page("editor, draft", EDIT, of(EDIT, "draft"), main=True),
    Page("editor, longest", EDIT, of_long(EDIT, "draft"), who=LONG),
    *(Page(f"invoice, {status}", DETAIL, of(DETAIL, status), main=status == "overdue") for status in STATUSES),
    *(
        Page(f"invoice, {name}", DETAIL, of(DETAIL, status), act=click(f"[data-dialog={name}-dialog]"))
        for name, status in (("issue", "draft"), ("payment", "issued"))
    ),
    Page("invoice, menu", DETAIL, of(DETAIL, "sent"), act=click(".dhead details.more > summary")),
    Page("invoice, viewer", DETAIL, of(DETAIL, "sent"), who=VIEWER),
    *(Page(f"invoice, longest {name}", DETAIL, of_long(DETAIL, name), who=LONG) for name in ("draft", "issued", "word")),
    *(
        Page(name, f"invoicing:invoice_{name}", of(f"invoicing:invoice_{name}", invoice), main=name == "payment")
        for name, invoice in ACTS.items()
    ),
    Page("send, longest", "invoicing:invoice_send", of_long("invoicing:invoice_send"), who=LONG),
    Page("payment, longest", "invoicing:invoice_payment", of_long("invoicing:invoice_payment"), who=LONG),
    Page("payment, wrong", "invoicing:invoice_payment", of("invoicing:invoice_payment", "issued"), act=send_empty, status=422),
    Page(
        "refund",
        "invoicing:invoice_refund",
        lambda world: reverse(
            "invoicing:invoice_refund",
            args=[world.invoices["paid"].pk, world.payments[world.invoices["paid"].pk].pk],
        ),
    ),
    Page("payment link", "payments:make_link", of("payments:make_link", "issued")),
    Page("payment link, nothing due", "payments:make_link", of("payments:make_link", "paid")),
    Page("overpaid, nothing", "payments:refund_overpaid", of("payments:refund_overpaid", "paid")),
    Page("clients", "clients:client_list", main=True),
    Page("clients, none", "clients:client_list", who=NEWCOMER),
    Page("clients, filtered to nothing", "clients:client_list", plus("clients:client_list", "search=nobody-of-that-name")),
    Page("clients, longest", "clients:client_list", who=LONG),
    Page("client", "clients:client_detail", of_client("clients:client_detail"), main=True),
    Page("client, bare", "clients:client_detail", of_client("clients:client_detail", "bare")),
    Page("client, archived", "clients:client_detail", of_client("clients:client_detail", "archived")),
    Page("client, longest", "clients:client_detail", lambda world: f"/clients/{world.long_client.pk}", who=LONG),
    Page("client, new", "clients:client_new", main=True),
    Page("client, wrong", "clients:client_new", act=send_empty, status=422),
    Page("client, edit", "clients:client_edit", of_client("clients:client_edit")),
    Page("client, archive", "clients:client_archive", of_client("clients:client_archive")),
    Page("client, restore", "clients:client_restore", of_client("clients:client_restore", "archived")),
    Page("client, delete", "clients:client_delete", of_client("clients:client_delete", "bare")),
    Page("documents", "extraction:document_list", main=True),
    Page("documents, filters", "extraction:document_list", act=click(".chipbox summary")),
    Page("documents, more of one", "extraction:document_list", act=click(".papers td.more-col summary")),
    Page("documents, selected", "extraction:document_list", act=tick_two),
    Page("documents, nothing found", "extraction:document_list", plus("extraction:document_list", "search=nothing")),
    Page("documents, wrong filter", "extraction:document_list", plus("extraction:document_list", "min_amount=much")),
    Page("documents, none", "extraction:document_list", who=NEWCOMER),
    Page("documents, viewer", "extraction:document_list", who=VIEWER),
    Page("documents, longest", "extraction:document_list", who=LONG),
    Page("documents, sums", "extraction:document_sums"),
    Page("documents, sums, longest", "extraction:document_sums", who=LONG),
    Page("documents, usage", "extraction:usage"),
    Page("documents, usage, none", "extraction:usage", who=NEWCOMER),
    Page("documents, delete several", "extraction:selected", of_selected("delete")),
    Page("documents, read several", "extraction:selected", of_selected("read")),
    Page("document, new", "extraction:document_new"),
    Page("document, new, wrong", "extraction:document_new", act=send_empty, status=422),
    *(Page(f"document, {name}", "extraction:document_detail", of_paper("extraction:document_detail", name)) for name in ("verified", "unreadable", "queued")),
    Page("document, longest", "extraction:document_detail", lambda world: reverse("extraction:document_detail", args=[world.long_document.pk]), who=LONG),
    Page("document, delete", "extraction:document_delete", of_paper("extraction:document_delete", "new")),
    Page("document, not deleted", "extraction:document_delete", of_paper("extraction:document_delete", "verified")),
    Page("document, bill on", "extraction:document_bill", of_paper("extraction:document_bill", "verified")),
    Page("document, bill on, unread", "extraction:document_bill", of_paper("extraction:document_bill", "new")),
    Page("document, bill on, longest", "extraction:document_bill", lambda world: reverse("extraction:document_bill", args=[world.long_document.pk]), who=LONG),
    Page("verify", VERIFY, of_document("to verify"), main=True),
    Page("verify, lines", VERIFY, of_document("to verify"), act=click("[data-list=items] > summary")),
    Page("verify, reading again", VERIFY, of_document("to verify"), act=click("#again > summary")),
    Page("verify, compared", VERIFY, compared),
    Page("verify, viewer", VERIFY, of_document("to verify"), who=VIEWER),
    *(Page(f"verify, {name}", VERIFY, of_document(name)) for name in ("verified", "unreadable", "new", "queued")),
    Page("verify, longest", VERIFY, lambda world: reverse(VERIFY, args=[world.long_document.pk]), who=LONG, act=click("[data-list=items] > summary")),
    Page("verify, nothing left", "extraction:verify_next", who=NEWCOMER),
    Page("search", "search", plus("search", "q=exemple"), main=True),
    Page("search, nothing typed", "search"),
    Page("search, nothing found", "search", plus("search", "q=there-is-no-such-thing")),
    Page("search, longest", "search", plus("search", "q=example"), who=LONG),
    Page("palette", "home", act=press("Control+k")),
    Page("palette, found", "home", act=search_for("ex")),
    Page("palette, longest", "home", who=LONG, act=search_for("ex")),
    Page("keys", "home", act=press("?")),
    Page("menu of the person", "home", act=click("summary.me")),
    Page("menu of the business", "home", act=click("summary.biz")),
    Page("statement", "invoicing:client_statement", of_client("invoicing:client_statement")),
    Page("statement, bare", "invoicing:client_statement", of_client("invoicing:client_statement", "bare")),
    Page("statement, longest", "invoicing:client_statement", lambda w: f"/clients/{w.long_client.pk}/statement", who=LONG),
)  # fmt: skip
REST = (
    Page("settings", "accounts:settings"),
    *(
        Page(name, f"accounts:settings_{name}", main=name in {"taxes", "numbering"})
        for name in ("businesses", "defaults", "numbering", "taxes", "payment", "members", "usage")
    ),
    Page("taxes, longest", "accounts:settings_taxes", who=LONG),
    Page("businesses, one to be put away", "accounts:settings_businesses", lambda w: f"/settings/businesses?archive={w.business.pk}"),
    Page("business", "accounts:settings_business", main=True),
    Page("business, wrong", "accounts:settings_business", act=send_empty, status=422),
    Page("business, longest", "accounts:settings_business", who=LONG),
    Page("business, viewer", "accounts:settings_business", who=VIEWER),
    Page("business, new", "accounts:business_new"),
    Page("business, first", "accounts:business_new", who=HOMELESS),
    Page("API keys", "accounts:settings_api_keys"),
    Page("cards", "payments:settings_cards"),
    Page("cards, viewer", "payments:settings_cards", who=VIEWER),
    Page("inbox", "payments:settings_inbox", act=click(".came summary")),
    Page("inbox, one to be moved", "payments:settings_inbox", plus("payments:settings_inbox", "renew")),
    Page("inbox, empty", "payments:settings_inbox", who=NEWCOMER),
    Page("inbox, viewer", "payments:settings_inbox", who=VIEWER),
    Page("look", "invoicing:settings_look", main=True),
    Page("profile", "accounts:settings_profile", main=True),
    Page("profile, longest", "accounts:settings_profile", who=LONG),
    Page("security", "accounts:settings_security"),
    Page("security, second factor", "accounts:settings_security", who=SECURED),
    Page("log in", "account_login", who=NOBODY, main=True),
    Page("log in, wrong", "account_login", who=NOBODY, act=send_empty),
    Page("sign up", "account_signup", who=NOBODY, main=True),
    Page("sign up, wrong", "account_signup", who=NOBODY, act=send_empty),
    Page("log out", "account_logout"),
    Page("inactive", "account_inactive", who=NOBODY),
    Page("password said again", "account_reauthenticate"),
    Page("addresses", "account_email"),
    Page("mail to verify sent", "account_email_verification_sent", who=NOBODY),
    Page("address to verify", "account_confirm_email", lambda w: reverse("account_confirm_email", args=[w.verification]), who=NOBODY),
    Page("address to verify, over", "account_confirm_email", at("/accounts/confirm-email/over/"), who=NOBODY),
    Page("password changed", "account_change_password"),
    Page("reset", "account_reset_password", who=NOBODY),
    Page("reset sent", "account_reset_password_done", who=NOBODY),
    Page("reset, new password", "account_reset_password_from_key", lambda w: f"/accounts/password/reset/key/{w.reset}/", who=NOBODY, leads_on=True),
    Page("reset, over", "account_reset_password_from_key", at("/accounts/password/reset/key/1-over/"), who=NOBODY),
    Page("reset done", "account_reset_password_from_key_done", who=NOBODY),
    Page("second factor asked", "mfa_authenticate", at("/accounts/login/"), who=NOBODY, act=log_in_halfway),
    Page("second factor said again", "mfa_reauthenticate", who=SECURED),
    Page("second factor", "mfa_index", who=SECURED),
    Page("second factor, none", "mfa_index"),
    Page("second factor on", "mfa_activate_totp"),
    Page("second factor off", "mfa_deactivate_totp", who=SECURED),
    Page("recovery codes", "mfa_view_recovery_codes", who=SECURED),
    Page("recovery codes, new", "mfa_generate_recovery_codes", who=SECURED),
    Page("sessions", "usersessions_list"),
    Page("invitation", "accounts:invitation", lambda world: f"/invitations/{world.invitation}", who=NOBODY),
    Page("invitation, other address", "accounts:invitation", lambda world: f"/invitations/{world.invitation}", who=NEWCOMER, status=403),
    Page("pay", "payments:pay", lambda world: f"/pay/{world.invoices['sent'].token}", who=NOBODY, main=True),
    *(
        Page(f"pay, {name}", "invoicing:pay", lambda world, name=name: f"/pay/{world.invoices[name].token}", who=NOBODY)  # type: ignore[misc]  # mypy infers no lambda with a default
        for name in ("paid", "overdue", "partly paid", "cancelled", "credited", "credit note")
    ),
    Page("pay, longest", "invoicing:pay", lambda world: f"/pay/{world.long_invoices['issued'].token}", who=NOBODY),
    Page("invoice to be found", "payments:pay", lambda world: f"/pay/{world.business.slug}?invoice=INV-1", who=NOBODY),
    Page("invoice to be found, wrong", "payments:pay", lambda world: f"/pay/{world.business.slug}", who=NOBODY, act=send_empty, status=422),
    Page("paid", "payments:paid", lambda world: f"/pay/{world.invoices['paid'].token}/paid", who=NOBODY),
    Page("paid, not yet", "payments:paid", lambda world: f"/pay/{world.invoices['sent'].token}/paid", who=NOBODY),
    *(Page(f"error {status}", "", at(f"/wrong/{case}"), status=status) for status, case in ERRORS.items()),
    Page("error 404, signed out", "", at("/nowhere"), who=NOBODY, status=404),
    Page("components", "dev_components"),
    Page("components, French", "dev_components", at("/dev/components?language=fr")),
    Page("mails", "accounts:dev_mail"),
    Page("mail", "accounts:dev_mail_message", lambda world: reverse("accounts:dev_mail_message", args=[world.mail])),
    Page("API", "docs"),
    Page("API, Redoc", "redoc"),
    Page("guide", "guide", who=NOBODY),
)  # fmt: skip


def admin_pages() -> Iterator[Page]:
    """Yield the pages of staff: of each model its list and its first row."""
    yield Page("admin", "admin:index")
    yield Page("admin, log in", "admin:login", who=NOBODY, leads_on=True)
    for model in sorted(admin.site._registry, key=str):
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        yield Page(f"admin, {name}", f"admin:{name}_changelist")
        yield Page(
            f"admin, {name}, one",
            f"admin:{name}_change",
            lambda _world, model=model, name=name: (  # type: ignore[misc]  # as above
                reverse(f"admin:{name}_change", args=[quote(row.pk)])
                if (row := model._default_manager.first())
                else reverse(f"admin:{name}_changelist")
            ),
        )


# What answers with something else than a page of its own.
NO_PAGES = {
    "health": "a word for machines",
    "redoc-script": "a script",
    "client_export": "a file",
    "invoicing:invoice_export": "a file",
    "invoicing:invoice_pdf": "a file",
    "invoicing:invoice_receipt": "a file",
    "invoicing:pay_pdf": "a file",
    "invoicing:client_statement_pdf": "a file",
    "invoicing:client_statement_csv": "a file",
    "invoicing:settings_look_picture": "a picture",
    "accounts:dev_mail_attachment": "a file",
    "accounts:dev_mail_html": "a mail, in a frame in which nothing runs",
    "mfa_download_recovery_codes": "a file",
    "invoicing:invoice_preview": "a part of the editor",
    "invoicing:client_choices": "a part of the editor",
    "invoicing:client_on_the_spot": "a part of the editor",
    "invoicing:invoice_picture": "a picture",
    "invoicing:invoice_page": "a picture",
    "invoicing:pay_page": "a picture",
    "invoicing:invoice_progress": "a part of the invoice's page",
    "invoicing:invoice_send_preview": "a part of the page that sends",
    "invoicing:invoice_send_again": "POST alone",
    "invoicing:invoice_keep": "POST alone",
    "invoicing:invoice_as_mail": "a part of the editor",
    "invoicing:invoice_as_page": "a part of the editor",
    "invoicing:selected_files": "a file",
    "clients:client_similar": "a part of the form",
    "extraction:document_upload": "POST alone",
    "extraction:document_read": "POST alone",
    "extraction:document_progress": "a part of the list of documents",
    "extraction:document_export": "a file",
    "extraction:document_file": "a file",
    "extraction:document_supporting": "a file",
    "extraction:verify_check": "a part of the page on which a document is verified",
    "extraction:verify_progress": "likewise",
    "extraction:verify_words": "for its script",
    "extraction:document_page": "a picture",
    "extraction:verify_skip": "leads on",
    "extraction:verify_read": "POST alone",
    "extraction:verify_undo": "POST alone",
    "payments:checkout": "POST alone",
    "payments:stripe": "for programs",
    "payments:stripe_of_business": "for programs",
    "payments:inbox": "for programs",
    "invoicing:pay_seen": "POST alone",
    "accounts:settings_logo": "POST alone",
    "accounts:business_archive": "POST alone",
    "accounts:business_restore": "POST alone",
    "accounts:switch_business": "POST alone",
    "accounts:set_language": "POST alone",
    "accounts:set_theme": "POST alone",
    "set_language": "POST alone",
    "account_set_password": "leads on: everybody has a password",
    "account_confirm_login_code": "leads on: there are no codes by mail",
}
# Of the admin's own pages those of each model stand for the rest.
NO_ADMIN_PAGES = ("_add", "_delete", "_history", ":logout", "_password_change", ":password_change", ":password_change_done", ":jsi18n",
                  ":autocomplete", ":view_on_site", ":app_list")  # fmt: skip
