"""What stands between an invoice that is being written and its issue, each with where to mend it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from invoicing.choices import NumberKind
from invoicing.domain.lifecycle import today
from invoicing.models import Invoice
from invoicing.queries.numbers import number_forecast
from invoicing.services.issuing import MOROCCAN_TAX_IDS, Preview
from invoicing.web.editor_form import Editor
from invoicing.web.editor_lines import COLUMNS


@dataclass(frozen=True, slots=True)
class Point:
    """One thing to know before the issue. ``state`` is ``stop``, ``fine`` or ``advice``; ``url`` leads to the field."""

    state: str
    text: str
    url: str = ""
    action: str = ""
    number: str = ""

    @property
    def leaves(self) -> bool:
        """Whether it is mended on another page."""
        return bool(self.url) and not self.url.startswith("#")


def readiness(editor: Editor, preview: Preview | None, hints: dict[str, list[str]]) -> list[Point]:
    """Return what stops the issue or, where nothing does, that it is ready; then what would be better."""
    points = list(stops(editor, preview, hints))
    if preview is not None:
        if not points:
            points.append(Point("fine", _("Ready to be issued"), number=expected_number(preview.invoice)))
        points += what_is_on_it(preview.invoice)
        points += advice(editor, preview)
    return points


def stops(editor: Editor, preview: Preview | None, hints: dict[str, list[str]]) -> Iterator[Point]:
    """Yield what has to be done first."""
    if is_nobody(editor):
        yield Point("stop", _("Choose a client"), "#id_client_id")
    if preview is None and not hints:
        yield Point("stop", _("Write at least one line"), f"#{first_row_id(editor)}")
    yield from begun_lines(editor)
    for place, texts in hints.items():
        for text in texts:
            yield Point("stop", text, *where(place, editor, field=editor.in_the_way.get(place, "")))


def begun_lines(editor: Editor) -> Iterator[Point]:
    """Yield what the first line that is not finished lacks, which a preview passes over."""
    for name, sentence in (("name", _("A line has no name yet")), ("unit_price", _("A line has no price yet"))):
        rows = [row for row in editor.filled if not str(row.written(name) or "").strip()]
        if rows:
            yield Point("stop", sentence, f"#id_items-{rows[0].index}-{name}")


def expected_number(invoice: Invoice) -> str:
    """Return the number the invoice would get now."""
    if invoice.number_wish:
        return invoice.number_wish
    on = invoice.date or today(invoice.business.timezone, at=timezone.now())
    return number_forecast(invoice.business, NumberKind(invoice.number_kind), on=on)


def what_is_on_it(invoice: Invoice) -> Iterator[Point]:
    """Yield what the law wants of the seller and is there."""
    business = invoice.business
    if business.country == "MA" and all(business.tax_id(kind) for kind in MOROCCAN_TAX_IDS):
        yield Point("fine", _("Your ICE, IF and TP are on it"))
    elif business.vat_number:
        yield Point("fine", _("Your VAT number is on it"))


def advice(editor: Editor, preview: Preview) -> Iterator[Point]:
    """Yield what would be better on an invoice that can be issued all the same."""
    client = editor.client
    if client is not None and not preview.invoice.client_email:
        yield Point("advice", _("The client has no email address"), client_url(client.pk), _("Add"))
    elif client is not None and not preview.invoice.client_phone:
        yield Point("advice", _("The client has no phone number"), client_url(client.pk), _("Add"))
    for warning in preview.warnings:
        row, field = editor.place_of(warning["field"])
        place = f"items-{row.index}" if row is not None else field.partition(".")[0]
        yield Point("advice", warning["detail"], *where(place, editor, field=field))


def where(place: str, editor: Editor, *, field: str = "") -> tuple[str, str]:
    """Return the address where something is mended, and the word of the link; ``field`` is the one of a line."""
    if place == "business":
        return reverse("accounts:settings_business"), _("Settings")
    if place in {"client", "client_id"}:
        return (client_url(editor.client.pk), _("Edit client")) if editor.client else ("#id_client_name", "")
    if place.startswith("items-"):
        shown = {"name", "quantity", "unit_price"}.union(*(COLUMNS[column] for column in editor.columns))
        return f"#id_{place}-{field if field in shown else 'name'}", ""
    if place == "lines":
        return f"#{first_row_id(editor)}", ""
    return f"#id_{place}", ""


def client_url(pk: str) -> str:
    """Return the page on which a client is changed."""
    return reverse("clients:client_edit", args=[pk])


def first_row_id(editor: Editor) -> str:
    """Return the id of the first row's name."""
    return editor.rows[0]["name"].id_for_label if editor.rows else "add-line"


def is_nobody(editor: Editor) -> bool:
    """Return whether nothing says yet who is billed."""
    form: Any = editor.form
    return not any(form[name].value() for name in ("client_id", "client_name", "client_email"))
