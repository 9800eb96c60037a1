"""What stands on an invoice, its arithmetic and its truth, and the many ways in which numbers and days are written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

INDIC = str.maketrans("0123456789.,", "٠١٢٣٤٥٦٧٨٩٫٬")
ENGLISH = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
MONTHS = {
    "en": ENGLISH,
    "en3": [name[:3] for name in ENGLISH],
    "fr": [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
    "de": [
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ],
    "es": [
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ],
    "it": [
        "gennaio",
        "febbraio",
        "marzo",
        "aprile",
        "maggio",
        "giugno",
        "luglio",
        "agosto",
        "settembre",
        "ottobre",
        "novembre",
        "dicembre",
    ],
    "nl": [
        "januari",
        "februari",
        "maart",
        "april",
        "mei",
        "juni",
        "juli",
        "augustus",
        "september",
        "oktober",
        "november",
        "december",
    ],
    "ar": [
        "يناير",
        "فبراير",
        "مارس",
        "أبريل",
        "مايو",
        "يونيو",
        "يوليو",
        "أغسطس",
        "سبتمبر",
        "أكتوبر",
        "نوفمبر",
        "ديسمبر",
    ],
    "ar2": [
        "كانون الثاني",
        "شباط",
        "آذار",
        "نيسان",
        "أيار",
        "حزيران",
        "تموز",
        "آب",
        "أيلول",
        "تشرين الأول",
        "تشرين الثاني",
        "كانون الأول",
    ],
}


def day_text(day: date, form: str) -> str:
    """Return a day as ``form`` writes it: a format of ``strftime`` where ``{en}`` is the month in that language."""
    written = day.strftime(form.replace("%-d", str(day.day)).replace("%-m", str(day.month)))
    for language, names in MONTHS.items():
        written = written.replace(f"{{{language}}}", names[day.month - 1])
    return written


@dataclass(frozen=True, slots=True)
class Money:
    """How amounts are written: decimals, the signs between thousands and before decimals, and the currency's place.

    ``before`` and ``after`` are what stands beside an amount, spaces included; ``groups`` is ``indian`` for lakhs.
    """

    places: int = 2
    thousands: str = ","
    point: str = "."
    before: str = ""
    after: str = ""
    groups: str = ""
    indic: bool = False
    minus: str = "-"

    def bare(self, value: Decimal, places: int | None = None) -> str:
        """Return an amount without its currency."""
        places = self.places if places is None else places
        whole, _point, rest = f"{abs(value):.{places}f}".partition(".")
        head, tail = (whole[:-3], whole[-3:]) if len(whole) > 3 else ("", whole)
        step = 2 if self.groups == "indian" else 3
        parts = [tail]
        while head:
            parts.insert(0, head[-step:])
            head = head[:-step]
        written = self.thousands.join(parts) + (self.point + rest if rest else "")
        written = (self.minus if value < 0 and self.minus != "after" else "") + written
        written += "-" if value < 0 and self.minus == "after" else ""
        return written.translate(INDIC) if self.indic else written

    def full(self, value: Decimal) -> str:
        """Return an amount with its currency."""
        return f"{self.before}{self.bare(value)}{self.after}"

    def count(self, value: Decimal) -> str:
        """Return a quantity, without needless zeros."""
        plain = f"{value.normalize():f}".replace(".", self.point)
        return plain.translate(INDIC) if self.indic else plain


@dataclass(frozen=True, slots=True)
class Line:
    """A line: what, how many, at which price, at which rate of tax in percent; ``more`` are further lines of text."""

    text: str
    quantity: Decimal
    price: Decimal
    rate: Decimal = Decimal(0)
    unit: str = ""
    sku: str = ""
    more: Sequence[str] = ()


def line(text: str, quantity: object, price: object, rate: object = 0, **more: Any) -> Line:
    """Return a line, its numbers written as texts or whole numbers."""
    return Line(text, Decimal(str(quantity)), Decimal(str(price)), Decimal(str(rate)), **more)


@dataclass(frozen=True, slots=True)
class Party:
    """A business that was made up: its name, address, and the lines that say its numbers, as they are printed."""

    name: str
    address: Sequence[str] = ()
    tax_id: str = ""
    iban: str = ""
    phone: str = ""


@dataclass(slots=True)
class Bill:
    """An invoice with how it is written; ``gross`` says that prices have the tax within them."""

    vendor: Party
    buyer: Party
    number: str
    day: date
    due: date | None
    currency: str
    lines: Sequence[Line]
    money: Money = field(default_factory=Money)
    days: str = "%Y-%m-%d"
    due_days: str = ""
    discount: Decimal = Decimal(0)
    gross: bool = False
    untaxed: bool = False
    sign: int = 1
    more: Mapping[str, Any] = field(default_factory=dict)  # of the truth, in place of what is reckoned

    def rounded(self, value: Decimal) -> Decimal:
        """Return an amount in the currency's smallest unit."""
        return value.quantize(Decimal(1).scaleb(-self.money.places), rounding=ROUND_HALF_UP)

    def amount(self, each: Line) -> Decimal:
        """Return a line's amount."""
        return self.rounded(self.sign * each.quantity * each.price)

    @property
    def sum(self) -> Decimal:
        """All lines."""
        return sum((self.amount(each) for each in self.lines), Decimal(0))

    @property
    def rates(self) -> dict[Decimal, tuple[Decimal, Decimal]]:
        """The taxable amount and the tax of each rate; a discount is on lines of one rate alone."""
        found: dict[Decimal, Decimal] = {}
        for each in self.lines:
            found[each.rate] = found.get(each.rate, Decimal(0)) + self.amount(each)
        if self.discount:
            first = next(iter(found))
            found[first] -= self.sign * self.discount
        taxes = {}
        for rate, whole in found.items():
            net = self.rounded(whole / (1 + rate / 100)) if self.gross else whole
            taxes[rate] = (net, whole - net if self.gross else self.rounded(net * rate / 100))
        return taxes

    @property
    def subtotal(self) -> Decimal:
        """What is taxed."""
        return sum((net for net, _tax in self.rates.values()), Decimal(0))

    @property
    def tax(self) -> Decimal:
        """All taxes."""
        return sum((tax for _net, tax in self.rates.values()), Decimal(0))

    @property
    def total(self) -> Decimal:
        """What is to be paid."""
        return self.subtotal + self.tax

    def written(self, day: date | None) -> str:
        """Return a day as this paper writes it."""
        return day_text(day, self.days) if day else ""

    @property
    def truth(self) -> dict[str, Any]:
        """What is to be read."""
        found: dict[str, Any] = {
            "vendor_name": self.vendor.name,
            "vendor_tax_id": self.vendor.tax_id or None,
            "vendor_iban": self.vendor.iban or None,
            "invoice_number": self.number,
            "invoice_date": self.day.isoformat(),
            "due_date": self.due.isoformat() if self.due else None,
            "currency": self.currency,
            "total": self.total,
            "items": [
                {
                    "description": each.text,
                    "quantity": each.quantity,
                    "unit_price": each.price,
                    "amount": self.amount(each),
                }
                for each in self.lines
            ],
        }
        if not self.untaxed:
            found |= {"subtotal": self.subtotal, "tax": self.tax}
        return {name: value for name, value in (found | dict(self.more)).items() if value is not ...}


@dataclass(frozen=True, slots=True)
class Paper:
    """A layout of our own: its name, how to draw it and its scan, and its truth."""

    name: str
    draw: Callable[[], bytes]
    truth: dict[str, Any]
    wear: Callable[[bytes], bytes]

    def content(self) -> bytes:
        """Return the PDF with its text layer."""
        return self.draw()

    def scan(self) -> bytes:
        """Return the PDF as it was scanned."""
        return self.wear(self.draw())
