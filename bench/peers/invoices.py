"""The list of invoices as a service of FastAPI, SQLAlchemy and Pydantic, over our tables.

``uvicorn bench.peers.invoices:app`` with ``PEER_DATABASE_URL``, ``PEER_SECRET``, ``PEER_PUBLIC_URL`` and, to count
limits over several processes, ``REDIS_URL``. It does for a request what ours does: the token's signature and end,
its family and its user, the user's businesses, two limits with their headers, the count, the page, the status.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any

import jwt
from fastapi import Depends, FastAPI, HTTPException, Query, Request, Response
from pydantic import BaseModel, PlainSerializer
from sqlalchemy import MetaData, create_engine, exists, func, select
from sqlalchemy.orm import Session

engine = create_engine(os.environ["PEER_DATABASE_URL"], pool_size=8)
PUBLIC_URL = os.environ["PEER_PUBLIC_URL"]
SECRET = os.environ["PEER_SECRET"]
LIMITS = (("minute", 60, 10_000_000), ("burst", 1, 1_000_000))
metadata = MetaData()
NAMES = ("accounts_user", "accounts_membership", "accounts_business", "accounts_tokenfamily")
metadata.reflect(engine, only=[*NAMES, "invoicing_invoice"])
users, memberships, businesses, families = (metadata.tables[name] for name in NAMES)
documents = metadata.tables["invoicing_invoice"].c

# A decimal as a JSON number, not as a text
Number = Annotated[Decimal, PlainSerializer(float, return_type=float, when_used="json")]


class Row(BaseModel):
    id: str
    business_id: str
    type: str
    status: str
    invoice_number: str | None
    reference: str
    client_id: str
    client_type: str
    client_name: str
    client_email: str
    client_phone: str
    client_address: dict[str, Any] | None
    client_vat_number: str
    client_cr_number: str
    client_tax_ids: list[dict[str, str]]
    seller: dict[str, Any] | None
    language: str
    currency: str
    issue_date: date | None
    due_date: date | None
    supply_date: date | None
    payment_terms: str
    notes: str
    footer: str
    tax_rate: Number
    discount_rate: Number
    prices_include_tax: bool
    subtotal: Number
    discount_amount: Number
    taxable_amount: Number
    tax_amount: Number
    tax_breakdown: list[dict[str, Any]]
    total: Number
    amount_credited: Number
    amount_paid: Number
    amount_refunded: Number
    amount_due: Number
    tax_currency: str | None
    exchange_rate: Number | None
    tax_amount_in_tax_currency: Number | None
    payment_link: str | None
    pdf_url: str
    pdf_sha256: str | None
    qr_code_url: str | None
    is_sent_email: bool
    email_sent_at: datetime | None
    sent_at: datetime | None
    viewed_at: datetime | None
    paid_at: datetime | None
    issued_at: datetime | None
    cancelled_at: datetime | None
    parent_invoice_id: str | None
    parent_invoice_number: str | None
    parent_issue_date: date | None
    reason: str
    warnings: list[dict[str, Any]]
    created_at: datetime
    updated_at: datetime


class Page(BaseModel):
    count: int
    next: str | None
    previous: str | None
    page: int
    page_size: int
    results: list[Row]


SAME = (
    *("id", "business_id", "type", "reference", "client_id", "client_type", "client_name", "client_email"),
    *("client_phone", "seller", "language", "currency", "due_date", "supply_date", "payment_terms", "notes", "footer"),
    *("tax_rate", "discount_rate", "prices_include_tax", "subtotal", "discount_amount", "taxable_amount"),
    *("tax_amount", "tax_breakdown", "total", "amount_credited", "amount_paid", "amount_refunded", "amount_due"),
    *("exchange_rate", "tax_amount_in_tax_currency", "email_sent_at", "sent_at", "viewed_at", "paid_at"),
    *("issued_at", "cancelled_at", "reason", "warnings", "created_at", "updated_at"),
)
ASKED = (
    *SAME,
    *("number", "state", "settlement", "overdue_at", "buyer", "client_details", "issue_date", "issue_date_wish"),
    *("tax_currency", "token", "pdf_sha256", "parent_id"),
)
SELLER = ("legal_name", "address", "vat_number", "cr_number", "tax_ids", "email", "phone")

app = FastAPI()
counts: dict[str, tuple[int, int]] = {}
lock = threading.Lock()
redis: Any = None
if os.environ.get("REDIS_URL"):
    from redis import Redis

    redis = Redis.from_url(os.environ["REDIS_URL"])


def database() -> Iterator[Session]:
    with Session(engine) as session:
        yield session


def used(name: str, seconds: int, key: str) -> int:
    """Count one more, in the process or in Redis, and return how many there were in this window."""
    window = int(time.time()) // seconds
    if redis is not None:
        place = f"peer:{name}:{key}:{window}"
        with redis.pipeline() as pipe:
            return int(pipe.incr(place).expire(place, seconds * 2).execute()[0])
    with lock:
        last, count = counts.get(f"{name}:{key}", (window, 0))
        counts[f"{name}:{key}"] = (window, count + 1 if last == window else 1)
        return counts[f"{name}:{key}"][1]


def caller(request: Request, response: Response, session: Annotated[Session, Depends(database)]) -> Any:
    """Return who asks, with the businesses that are theirs."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    try:
        claims = jwt.decode(token if scheme == "Bearer" else "", SECRET, algorithms=["HS256"])
    except jwt.InvalidTokenError as error:
        raise HTTPException(401, "This token is not valid.") from error
    alive = exists().where(
        families.c.id == claims["fam"], families.c.user_id == users.c.id, families.c.revoked_at.is_(None)
    )
    user = session.execute(select(users).where(users.c.id == claims["sub"], alive)).one_or_none()
    if user is None or user.token_version != claims["ver"] or not user.is_active:
        raise HTTPException(401, "This token is not valid.")
    for name, seconds, limit in LIMITS:
        count = used(name, seconds, user.id)
        if count > limit:
            raise HTTPException(429, "Too many requests.")
        response.headers["X-RateLimit-Limit"] = str(limit)
        response.headers["X-RateLimit-Remaining"] = str(limit - count)
        response.headers["X-RateLimit-Reset"] = str((int(time.time()) // seconds + 1) * seconds)
    found = session.execute(
        select(memberships.c.business_id, memberships.c.role)
        .join(businesses, businesses.c.id == memberships.c.business_id)
        .where(memberships.c.user_id == user.id, businesses.c.archived_at.is_(None))
        .order_by(memberships.c.id)
    ).all()
    return user, dict(tuple(row) for row in found)


def status(row: Any, at: datetime) -> str:
    if row.state != "issued":
        return row.state
    if row.settlement != "open":
        return row.settlement
    if row.overdue_at is not None and row.overdue_at <= at:
        return "overdue"
    if row.amount_paid:
        return "partially_paid"
    return "viewed" if row.viewed_at else "sent" if row.sent_at else "issued"


def shown(row: Any, at: datetime) -> Row:
    buyer = row.buyer or row.client_details
    draft = row.state == "draft"
    address = f"{PUBLIC_URL}/api/v1/invoices/{row.id}"
    return Row(
        **{name: getattr(row, name) for name in SAME if name != "seller"},
        status=status(row, at),
        invoice_number=row.number,
        client_address=buyer.get("address"),
        client_vat_number=buyer.get("vat_number"),
        client_cr_number=buyer.get("cr_number"),
        client_tax_ids=buyer.get("tax_ids"),
        seller=row.seller and {name: row.seller[name] for name in SELLER},
        issue_date=row.issue_date or row.issue_date_wish,
        tax_currency=row.tax_currency or None,
        payment_link=None if draft else f"{PUBLIC_URL}/pay/{row.token}",
        pdf_url=f"{address}/download",
        pdf_sha256=row.pdf_sha256 or None,
        qr_code_url=None if draft else f"{address}/qr",
        is_sent_email=row.email_sent_at is not None,
        parent_invoice_id=row.parent_id,
        parent_invoice_number=row.parent_number,
        parent_issue_date=row.parent_date,
    )


@app.get("/api/v1/invoices")
def invoices(
    session: Annotated[Session, Depends(database)],
    who: Annotated[Any, Depends(caller)],
    page: Annotated[int, Query(ge=1)] = 1,
    page_size: Annotated[int, Query(ge=1, le=100)] = 10,
    business_id: str | None = None,
) -> Page:
    user, roles = who
    business = business_id or user.default_business_id
    if business not in roles:
        raise HTTPException(404, "There is no such business.")
    mine = documents.business_id == business
    count = session.scalar(select(func.count()).select_from(metadata.tables["invoicing_invoice"]).where(mine)) or 0
    first = (page - 1) * page_size
    parents = metadata.tables["invoicing_invoice"].alias()
    rows = session.execute(
        select(
            *(documents[name] for name in ASKED),
            parents.c.number.label("parent_number"),
            parents.c.issue_date.label("parent_date"),
        )
        .outerjoin(parents, parents.c.id == documents.parent_id)
        .where(mine)
        .order_by(documents.created_at.desc(), documents.id.desc())
        .offset(first)
        .limit(page_size)
    ).all()
    at = datetime.now(UTC)
    link = f"{PUBLIC_URL}/api/v1/invoices?page_size={page_size}&page="
    return Page(
        count=count,
        next=f"{link}{page + 1}" if first + page_size < count else None,
        previous=f"{link}{page - 1}" if page > 1 else None,
        page=page,
        page_size=page_size,
        results=[shown(row, at) for row in rows],
    )
