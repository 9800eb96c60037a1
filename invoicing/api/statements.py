"""A client's statement of account in the API: what it looks like, and how it is described."""

from __future__ import annotations

from typing import Any, Final

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_serializer
from rest_framework import serializers

from invoicing.api.described import query
from invoicing.api.examples import ID, PAYMENT_ID, answered
from invoicing.api.serializers import money
from invoicing.choices import PaymentMethod
from invoicing.domain.statement import KINDS, Account, OpenItem, Row
from invoicing.services.statements import Statement

FORMATS: Final = ("json", "pdf", "csv")
FIELDS: Final = ("client_id", "client_name", "from", "to", "accounts")
EXAMPLE: Final[dict[str, Any]] = {
    "client_id": "cli_4fQ8mT2xKc0vRw7LzE1b",
    "client_name": "Atlas Example SARL",
    "from": "2026-11-01",
    "to": "2026-11-24",
    "accounts": [
        {
            "currency": "MAD",
            "opening_balance": 1200,
            "rows": [
                {
                    "date": "2026-11-20",
                    "kind": "invoice",
                    "id": ID,
                    "number": "INV-2026-0001",
                    "invoice_id": ID,
                    "reference": "",
                    "method": None,
                    "debit": 22680,
                    "credit": 0,
                    "balance": 23880,
                },
                {
                    "date": "2026-11-24",
                    "kind": "payment",
                    "id": PAYMENT_ID,
                    "number": "INV-2026-0001",
                    "invoice_id": ID,
                    "reference": "TR 17",
                    "method": "bank_transfer",
                    "debit": 0,
                    "credit": 5000,
                    "balance": 18880,
                },
            ],
            "total_debit": 22680,
            "total_credit": 5000,
            "closing_balance": 18880,
            "overdue": 1200,
            "held": 0,
            "open_items": [
                {
                    "id": "inv_2nB7xM4vQc9rTy5WkP1d",
                    "number": "INV-2026-0000",
                    "kind": "invoice",
                    "issue_date": "2026-10-05",
                    "due_date": "2026-11-04",
                    "total": 1200,
                    "amount_due": 1200,
                    "overdue": True,
                },
                {
                    "id": ID,
                    "number": "INV-2026-0001",
                    "kind": "invoice",
                    "issue_date": "2026-11-20",
                    "due_date": "2026-12-20",
                    "total": 22680,
                    "amount_due": 17680,
                    "overdue": False,
                },
            ],
        }
    ],
}


class StatementRowSerializer(serializers.Serializer[Any]):
    """An entry of an account. Its whole amount stands on its own side."""

    date = serializers.DateField()
    kind = serializers.ChoiceField([(kind, kind) for kind in KINDS])
    id = serializers.CharField(help_text="Of the document, the payment or the refund.")
    number = serializers.CharField(help_text="The document's; of money that of the document it was for.")
    invoice_id = serializers.CharField(help_text="The document that the entry belongs to, of a credit note its parent.")
    reference = serializers.CharField(help_text="The client's, the payment's, or a refund's reason.")
    method = serializers.ChoiceField(PaymentMethod.choices, allow_null=True)
    debit = money()
    credit = money()
    balance = money(help_text="The balance before it, plus the debit, less the credit.")


class OpenItemSerializer(serializers.Serializer[Any]):
    """A document of which something was due at the end of the period."""

    id = serializers.CharField()
    number = serializers.CharField()
    kind = serializers.ChoiceField([(kind, kind) for kind in KINDS[:2]])
    issue_date = serializers.DateField()
    due_date = serializers.DateField(allow_null=True)
    total = money()
    amount_due = money()
    overdue = serializers.BooleanField()


class AccountSerializer(serializers.Serializer[Any]):
    """A statement in one currency."""

    currency = serializers.CharField()
    opening_balance = money(help_text="What was due when the period began.")
    rows = StatementRowSerializer(many=True)
    total_debit = money()
    total_credit = money()
    closing_balance = money(help_text="What is due at its end: the sum of the documents' amounts due.")
    overdue = money(help_text="How much of the closing balance is overdue at the end of the period.")
    held = money(
        help_text="What came in beyond what was due and has not gone back. It lowers no other document's amount due."
    )
    open_items = OpenItemSerializer(many=True)


@extend_schema_serializer(examples=[answered("A month", EXAMPLE)])
class StatementSerializer(serializers.Serializer[Any]):
    """A client's statement of account."""

    client_id = serializers.CharField()
    client_name = serializers.CharField()
    accounts = AccountSerializer(many=True, help_text="By currency; unlike currencies are never added.")

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """Return the fields in their order, with the one that is named like a word of Python."""
        fields = super().get_fields()
        fields |= {"from": serializers.DateField(), "to": serializers.DateField()}
        return {name: fields[name] for name in FIELDS}


STATEMENT: Final = extend_schema(
    summary="Read a client's statement of account",
    description=(
        "Invoices, notes, payments and refunds of a period in their order, with opening and closing balance, by "
        "currency. Drafts and cancelled documents do not count. The balance is what is due: a document is never less "
        "than settled, so what came in beyond it is stated as `held`. The part of a row that changes nothing of what "
        "is due, such as a refund after which nothing is due again, stands on both sides.\n\n"
        "`pdf` is in the client's language, else the business's. `csv` is UTF-8 with a byte order mark, as "
        "spreadsheets expect it; its amounts are plain numbers, and a text that a spreadsheet would take for a "
        "formula begins with an apostrophe."
    ),
    filters=False,
    parameters=[
        query(
            "from", "The first day, in the business's time zone. Left out: from the beginning.", type=OpenApiTypes.DATE
        ),
        query("to", "The last day. Left out, or later than today: today.", type=OpenApiTypes.DATE),
        query("format", "What to answer with.", type=str, enum=list(FORMATS), default="json"),
    ],
    responses={
        (200, "application/json"): StatementSerializer,
        (200, "application/pdf"): OpenApiTypes.BINARY,
        (200, "text/csv"): OpenApiTypes.STR,
    },
)


def represent(statement: Statement) -> dict[str, Any]:
    """Return a statement as the API shows it."""
    return {
        "client_id": statement.client.pk,
        "client_name": statement.client.name,
        "from": statement.first,
        "to": statement.period.last,
        "accounts": [account(each) for each in statement.accounts],
    }


def account(values: Account) -> dict[str, Any]:
    """Return an account as the API shows it."""
    return {
        "currency": values.currency,
        "opening_balance": values.opening_balance,
        "rows": [row(each) for each in values.rows],
        "total_debit": values.debit,
        "total_credit": values.credit,
        "closing_balance": values.closing_balance,
        "overdue": values.overdue,
        "held": values.held,
        "open_items": [open_item(each) for each in values.open_items],
    }


def row(values: Row) -> dict[str, Any]:
    """Return a row as the API shows it."""
    entry = values.entry
    return {
        "date": entry.day,
        "kind": entry.kind,
        "id": entry.id,
        "number": entry.number,
        "invoice_id": entry.claim,
        "reference": entry.reference,
        "method": entry.method or None,
        "debit": values.debit,
        "credit": values.credit,
        "balance": values.balance,
    }


def open_item(values: OpenItem) -> dict[str, Any]:
    """Return an open item as the API shows it."""
    entry = values.entry
    return {
        "id": entry.id,
        "number": entry.number,
        "kind": entry.kind,
        "issue_date": entry.day,
        "due_date": entry.due_date,
        "total": entry.amount,
        "amount_due": values.amount_due,
        "overdue": values.is_overdue,
    }
