"""Credit notes against their parent: what is left of each line, and what a note takes of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext as _

from invoicing.choices import DocumentState, InvoiceType
from invoicing.errors import MoreThanLeft
from invoicing.models import Invoice, Line

GROUP_AMOUNTS = ("taxable_amount", "tax_amount")


def issued_credit_notes(parent: Invoice) -> list[Invoice]:
    """Return the credit notes that count against a document."""
    return list(Invoice.objects.filter(parent=parent, type=InvoiceType.CREDIT_NOTE, state=DocumentState.ISSUED))


def quantities_left(parent: Invoice) -> dict[str, Decimal]:
    """Return by line of a document the quantity that no issued credit note has taken."""
    credited = dict(
        Line.objects.filter(
            parent_line__invoice=parent,
            invoice__type=InvoiceType.CREDIT_NOTE,
            invoice__state=DocumentState.ISSUED,
        )
        .values_list("parent_line_id")
        .annotate(quantity=Sum("quantity"))
    )
    return {line.pk: line.quantity - credited.get(line.pk, Decimal(0)) for line in parent.lines.all()}


def check_left(parent: Invoice, lines: Sequence[Line]) -> dict[str, Decimal]:
    """Return what is left of the parent after ``lines``. Raises ``MoreThanLeft`` naming the line that takes too much."""
    left = quantities_left(parent)
    for index, line in enumerate(lines):
        key = str(line.parent_line_id)
        if line.quantity > left.get(key, Decimal(0)):
            sentence = _("Of this line %(left)s is left to credit.") % {
                "left": f"{left.get(key, Decimal(0)).normalize():f}"
            }
            raise MoreThanLeft(sentence, errors={f"items[{index}].quantity": [sentence]})
        left[key] -= line.quantity
    return left


def bound_by_parent(note: Invoice, lines: Sequence[Line], parent: Invoice) -> None:
    """Keep a reckoned credit note within its parent: the one that takes the last quantity takes all that is left.

    So all notes together equal the parent to the last minor unit, and none ever takes more. Raises ``MoreThanLeft``.
    """
    last = not any(check_left(parent, lines).values())
    earlier = issued_credit_notes(parent)
    left = _groups_left(parent, earlier)
    mine = {_key(group): group for group in note.tax_breakdown}
    groups = []
    for key, rest in left.items():
        if last or key in mine:
            amounts = {
                name: rest[name] if last else min(rest[name], Decimal(mine[key][name])) for name in GROUP_AMOUNTS
            }
            groups.append(_parent_group(parent, key) | {name: str(value) for name, value in amounts.items()})
    note.tax_breakdown = groups
    note.taxable_amount = sum((Decimal(group["taxable_amount"]) for group in groups), Decimal(0))
    note.tax_amount = sum((Decimal(group["tax_amount"]) for group in groups), Decimal(0))
    note.total = note.taxable_amount + note.tax_amount
    if last:
        note.subtotal = parent.subtotal - sum((other.subtotal for other in earlier), Decimal(0))
        _take_rest_of_lines(lines, earlier)
    _fit_lines(lines, groups)
    asked = note.total if note.prices_include_tax else note.taxable_amount
    note.subtotal = max(note.subtotal, asked)
    note.discount_amount = note.subtotal - asked


def _groups_left(parent: Invoice, earlier: Iterable[Invoice]) -> dict[tuple[str, Decimal], dict[str, Decimal]]:
    left = {_key(group): {name: Decimal(group[name]) for name in GROUP_AMOUNTS} for group in parent.tax_breakdown}
    for note in earlier:
        for group in note.tax_breakdown:
            for name in GROUP_AMOUNTS:
                left[_key(group)][name] -= Decimal(group[name])
    return left


def _take_rest_of_lines(lines: Sequence[Line], earlier: Sequence[Invoice]) -> None:
    """Give each line what earlier notes left of its parent's amounts; they are for show."""
    columns = ("subtotal", "net_amount", "tax_amount")
    taken = {
        row["parent_line_id"]: row
        for row in Line.objects.filter(invoice__in=earlier)
        .values("parent_line_id")
        .annotate(**{f"sum_{name}": Sum(name) for name in columns})
    }
    for line in lines:
        origin = line.parent_line
        if origin is None:
            continue
        row: Mapping[str, Any] = taken.get(origin.pk, {})
        for name in columns:
            setattr(line, name, max(getattr(origin, name) - (row.get(f"sum_{name}") or Decimal(0)), Decimal(0)))
        line.subtotal = max(line.subtotal, line.net_amount) if not line.invoice.prices_include_tax else line.subtotal
        line.total = line.net_amount + line.tax_amount


def _fit_lines(lines: Sequence[Line], groups: Iterable[Mapping[str, Any]]) -> None:
    """Let the lines' tax sum to that of their groups after these were bound: the largest takes the difference."""
    for group in groups:
        members = [line for line in lines if (line.tax_category, line.tax_rate) == _key(group)]
        if members:
            largest = max(members, key=lambda line: line.tax_amount)
            shown = sum((line.tax_amount for line in members), Decimal(0))
            rest = max(Decimal(group["tax_amount"]) - shown, -largest.tax_amount)
            largest.tax_amount += rest
            largest.total += rest


def _key(group: Mapping[str, Any]) -> tuple[str, Decimal]:
    return str(group["category"]), Decimal(group["rate"])


def _parent_group(parent: Invoice, key: tuple[str, Decimal]) -> dict[str, Any]:
    return next(dict(group) for group in parent.tax_breakdown if _key(group) == key)
