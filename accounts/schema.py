"""What a value from outside must look like: each cleaner returns the value as it is kept, or refuses it.

A cleaner raises ``FieldError`` with a sentence for people; ``Cleaner`` gathers them by field. An empty text
and None mean "not given" and come back as the empty value of their kind.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final
from zoneinfo import available_timezones

import phonenumbers
import stdnum.exceptions
from babel import Locale
from babel.numbers import get_territory_currencies
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, URLValidator
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from iso4217 import Currency
from stdnum import get_cc_module
from stdnum.eu.vat import MEMBER_STATES
from stdnum.fr import siren, siret
from stdnum.ma import ice

from accounts.errors import AppError

# Days far away would overflow when they are moved between time zones.
EARLIEST_YEAR, LATEST_YEAR = 1970, 9000
NO_DATE: Final = gettext_lazy("This is no date. Write it as YYYY-MM-DD.")
SIGNIFICANT_DIGITS: Final = 15
LONGEST_NUMBER: Final = 40  # characters of a number given as text
LONGEST_PASSWORD = 4096
ADDRESS_LENGTHS: Final = {
    "text": 1000,
    "line2": 200,
    "building_number": 20,
    "street": 200,
    "district": 100,
    "city": 100,
    "region": 100,
    "postal_code": 20,
    "country": 2,
}
MOST_TAX_IDS: Final = 20
TAX_ID_TYPES: Final = ("ICE", "IF", "TP", "RC", "CNSS", "SIREN", "SIRET", "tax_number")

# In Babel's list, but no countries of ISO 3166: unions, pseudo-locales, and islands that are parts of others.
NO_COUNTRIES: Final = frozenset(re.findall(r"\w+", "AC CP CQ DG EA EU EZ IC QO TA UN XA XB ZZ"))
TWO_LETTERS: Final = re.compile("[A-Z]{2}")
COUNTRIES: Final = frozenset(filter(TWO_LETTERS.fullmatch, map(str, Locale("en").territories))) - NO_COUNTRIES
# Gold, "no currency" and the like have no minor unit, so that nothing can be billed in them.
CURRENCIES: Final = frozenset(each.code for each in Currency if each.exponent is not None)
TIME_ZONES: Final = frozenset(available_timezones() - {"Factory", "localtime"})
# Prefixes of VAT numbers in the EU, with Greece's own and Northern Ireland's.
EU_PREFIXES: Final = frozenset(code.upper() for code in MEMBER_STATES) - {"GR"} | {"EL", "XI"}

LINE_ENDS: Final = re.compile("\r\n|[\r\u2028\u2029]")
# Embeddings, overrides and isolates: in a name they could turn the text that follows it around.
# An override turns letters themselves around: nobody writes an address or a note like that.
BIDI_OVERRIDES: Final = dict.fromkeys([0x202D, 0x202E])
BIDI_CONTROLS: Final = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
PLAIN_NUMBER: Final = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")
SEPARATORS: Final = re.compile(r"[\s./-]+")


class FieldError(ValueError):
    """A value was refused.

    ``errors`` maps the part it concerns ("" for the whole, else as ``.city`` or ``[0].value``) to sentences.
    """

    def __init__(self, sentence: str = "", errors: Mapping[str, Sequence[str]] | None = None) -> None:
        self.errors = {part: list(texts) for part, texts in (errors or {"": [sentence]}).items()}
        super().__init__(" ".join(text for texts in self.errors.values() for text in texts))


class Cleaner:
    """Cleans the fields of ``data`` one by one and gathers what is wrong, to refuse once with everything.

    ``values`` holds what was given and is sound; an absent key stays absent.
    """

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.data = data
        self.values: dict[str, Any] = {}
        self.errors: dict[str, list[str]] = {}

    def take(self, name: str, clean: Callable[..., Any], /, *args: Any, **options: Any) -> Any:
        """Clean one field and return its value; None when it was not given or is wrong."""
        if name not in self.data:
            return None
        try:
            self.values[name] = clean(self.data[name], *args, **options)
        except FieldError as error:
            for part, sentences in error.errors.items():
                self.errors.setdefault(name + part, []).extend(sentences)
        return self.values.get(name)

    def refuse(self, name: str, sentence: str) -> None:
        """Note what is wrong with a field."""
        self.errors.setdefault(name, []).append(sentence)

    def done(self, error: type[AppError]) -> dict[str, Any]:
        """Return the clean values, or raise ``error`` with all sentences by field."""
        if self.errors:
            raise error(errors=self.errors)
        return self.values


def given(value: Any) -> bool:
    """Return whether a value says anything: neither None nor a blank text."""
    return value is not None and not (isinstance(value, str) and not value.strip())


# Texts


def clean_text(value: Any, max_length: int, *, required: bool = False, multiline: bool = False) -> str:
    """Return a text in NFC without space at its ends, and with one kind of line end.

    Controls are refused, but for line ends and tabs where ``multiline``. Single lines lose bidi controls.
    """
    if value is not None and not isinstance(value, str):
        raise FieldError(_("A text is needed here."))
    text = LINE_ENDS.sub("\n", unicodedata.normalize("NFC", value or "")).strip()
    text = text.translate(BIDI_OVERRIDES if multiline else BIDI_CONTROLS).strip()
    if any(is_control(character, multiline=multiline) for character in text):
        raise FieldError(_("This has characters that cannot be printed."))
    if required and not is_visible(text):
        raise FieldError(_("This is needed."))
    check_length(text, max_length)
    return text


def check_length(text: str, limit: int) -> None:
    """Refuse a text of more than ``limit`` characters."""
    if len(text) > limit:
        raise FieldError(
            ngettext("At most %(limit)d character fits; this has %(length)d.",
                     "At most %(limit)d characters fit; this has %(length)d.", limit)
            % {"limit": limit, "length": len(text)}
        )  # fmt: skip


def is_control(character: str, *, multiline: bool) -> bool:
    """Return whether a character is a control or half of a surrogate pair."""
    if multiline and character in "\n\t":
        return False
    return unicodedata.category(character) in {"Cc", "Cs"}


def is_visible(text: str) -> bool:
    """Return whether a text has anything but space and formatting characters."""
    return any(unicodedata.category(character)[0] not in "CZ" for character in text)


def clean_choice(value: Any, choices: Iterable[str], *, required: bool = False) -> str:
    """Return one of a closed list of words."""
    word = clean_text(value, 100, required=required)
    known = [str(choice) for choice in choices]
    if word and word not in known:
        raise FieldError(_("Choose one of: %(words)s.") % {"words": ", ".join(known)})
    return word


def clean_boolean(value: Any) -> bool:
    """Return a truth value. Only JSON's own ``true`` and ``false`` pass."""
    if not isinstance(value, bool):
        raise FieldError(_("This is either true or false."))
    return value


def clean_email(value: Any, *, required: bool = False) -> str:
    """Return an e-mail address with its domain in lower case: the local part may heed it (RFC 5321, 2.4)."""
    text = clean_text(value, 254, required=required)
    if not text:
        return ""
    try:
        EmailValidator()(text)
    except ValidationError:
        raise FieldError(_("This is not an e-mail address, such as name@example.com.")) from None
    local, _at, domain = text.rpartition("@")
    return f"{local}@{domain.lower()}"


def clean_url(value: Any, max_length: int = 200, *, required: bool = False) -> str:
    """Return an address of the web, by http or https."""
    text = clean_text(value, max_length, required=required)
    if not text:
        return ""
    try:
        URLValidator(schemes=["http", "https"])(text)
    except ValidationError:
        raise FieldError(_("This is not a web address, such as https://example.com.")) from None
    return text


# Codes


def clean_country(value: Any, *, required: bool = False) -> str:
    """Return an ISO 3166-1 alpha-2 code in capitals, or XK."""
    code = clean_text(value, 100, required=required).upper()
    if code and code not in COUNTRIES:
        raise FieldError(_("This is not a country code of two letters, such as MA."))
    return code


def clean_currency(value: Any, *, required: bool = False) -> str:
    """Return an ISO 4217 code, in capitals, of a currency that has a minor unit."""
    code = clean_text(value, 100, required=required).upper()
    if code and code not in CURRENCIES:
        raise FieldError(_("This is not a currency code of three letters, such as EUR."))
    return code


def clean_timezone(value: Any, *, required: bool = False) -> str:
    """Return a name of the IANA time zone database."""
    name = clean_text(value, 100, required=required)
    if name and name not in TIME_ZONES:
        raise FieldError(_("This is not a time zone, such as Africa/Casablanca."))
    return name


def clean_phone(value: Any, country: str = "", *, required: bool = False) -> str:
    """Return a telephone number in E.164. A national number is read in ``country``.

    Refused is what cannot be a number by its length; whether it is in use only a call would tell.
    """
    text = re.sub(r"^00", "+", ascii_digits(clean_text(value, 60, required=required)))
    if not text:
        return ""
    if not country and not text.startswith("+"):
        raise FieldError(_("Begin with + and the country's code, such as +212."))
    try:
        number = phonenumbers.parse(text, country or None)
    except phonenumbers.NumberParseException as error:
        raise FieldError(phone_sentence(error.error_type)) from None
    if number.extension:
        raise FieldError(_("Leave out the extension."))
    if not phonenumbers.is_possible_number(number):
        length = phonenumbers.is_possible_number_with_reason(number)
        too_long = length == phonenumbers.ValidationResult.TOO_LONG
        wrong = phonenumbers.NumberParseException
        raise FieldError(phone_sentence(wrong.TOO_LONG if too_long else wrong.TOO_SHORT_NSN))
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def phone_sentence(reason: int) -> str:
    """Say why a text could not be read as a telephone number."""
    wrong = phonenumbers.NumberParseException
    if reason == wrong.INVALID_COUNTRY_CODE:
        return _("No country has this code. Begin with + and the country's code, such as +212.")
    if reason == wrong.TOO_LONG:
        return _("This telephone number is too long.")
    if reason in {wrong.TOO_SHORT_NSN, wrong.TOO_SHORT_AFTER_IDD}:
        return _("This telephone number is too short.")
    return _("This is not a telephone number.")


# Numbers of tax and trade registers


def ascii_digits(text: str) -> str:
    """Return a text with all decimal digits, such as Arabic ones, written 0-9."""
    return "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in text)


def clean_vat_number(value: Any, country: str = "", *, required: bool = False) -> str:
    """Return a VAT number, checked where the country's form is known, in the form the country writes.

    In the EU that is with its prefix (Directive 2006/112/EC, art. 215). A number that begins with another
    member's prefix is that member's. Where nothing is known it is kept as given, at most 30 characters.
    """
    text = ascii_digits(clean_text(value, 30, required=required))
    if not text:
        return ""
    compact = SEPARATORS.sub("", text).upper()
    if country == "SA":
        return saudi_vat_number(compact)
    prefix = eu_prefix(compact, country)
    if prefix:
        return eu_vat_number(compact, prefix)
    # Morocco's entry there is the ICE, which is no VAT number; it stands among tax_ids.
    module = get_cc_module(country, "vat") if country not in {"", "MA"} else None
    if module is None:
        return text
    number = checked(module.validate, text)
    return f"GB{number}" if country == "GB" else number


def saudi_vat_number(compact: str) -> str:
    """Return a Saudi VAT number: 15 digits, the first and the last a 3 (ZATCA, BR-KSA-40)."""
    if not compact.isdigit():
        raise FieldError(_("Only digits are allowed here."))
    exact_length(compact, 15)
    if not (compact.startswith("3") and compact.endswith("3")):
        raise FieldError(_("A Saudi VAT number begins and ends with 3."))
    return compact


def eu_prefix(compact: str, country: str) -> str:
    """Return the EU prefix by which to check a VAT number, or an empty text."""
    own = "EL" if country == "GR" else country
    written = compact[:2]
    if written in EU_PREFIXES and any(char.isdigit() for char in compact[2:]):
        northern_ireland = (country, written) == ("GB", "XI")
        if not country or own in EU_PREFIXES or northern_ireland:
            return written
    return own if own in EU_PREFIXES else ""


def eu_vat_number(compact: str, prefix: str) -> str:
    """Return a VAT number of an EU member, or of Northern Ireland, with its prefix."""
    member = {"EL": "GR", "XI": "GB"}.get(prefix, prefix)
    module = get_cc_module(member, "vat")
    assert module is not None  # a test goes through all members
    number = checked(module.validate, compact.removeprefix(prefix))
    return prefix + number.removeprefix(member).removeprefix(prefix)


def checked(validate: Callable[[str], str], number: str) -> str:
    """Return a number as its own country's rules write it, or say what is wrong with it."""
    try:
        return validate(number)
    except stdnum.exceptions.InvalidLength:
        raise FieldError(_("This has the wrong number of characters.")) from None
    except stdnum.exceptions.InvalidChecksum:
        raise FieldError(_("The check digits do not match.")) from None
    except stdnum.exceptions.ValidationError:
        raise FieldError(_("This does not have the form of such a number.")) from None


def exact_length(digits: str, needed: int) -> None:
    """Refuse a number that does not have exactly ``needed`` digits."""
    if len(digits) != needed:
        raise FieldError(
            ngettext("%(needed)d digit is needed; this has %(length)d.",
                     "%(needed)d digits are needed; this has %(length)d.", needed)
            % {"needed": needed, "length": len(digits)}
        )  # fmt: skip


TAX_ID_CHECKS: Final[Mapping[str, tuple[int, Callable[[str], str]]]] = {
    "ICE": (15, ice.validate),
    "SIREN": (9, siren.validate),
    "SIRET": (14, siret.validate),
}


def clean_tax_id(kind: str, value: Any) -> str:
    """Return the number of one kind: checked by its digits where they are known, else as given."""
    text = ascii_digits(clean_text(value, 50, required=True))
    if kind not in TAX_ID_CHECKS:
        return text
    digits, validate = TAX_ID_CHECKS[kind]
    compact = SEPARATORS.sub("", text)
    if not compact.isdigit():
        raise FieldError(_("Only digits are allowed here."))
    exact_length(compact, digits)
    return checked(validate, compact)


def clean_tax_id_type(value: Any) -> str:
    """Return the name of a kind of number, a known one in its usual capitals."""
    kind = clean_text(value, 20, required=True)
    return next((known for known in TAX_ID_TYPES if known.casefold() == kind.casefold()), kind)


def clean_tax_ids(value: Any) -> list[dict[str, str]]:
    """Return ``[{"type", "value"}]``, each kind once. Errors are named ``[0].value``."""
    entries = [] if value is None else value
    if not isinstance(entries, list | tuple):
        raise FieldError(_("A list is needed here."))
    if len(entries) > MOST_TAX_IDS:
        raise FieldError(_("At most %(limit)d fit.") % {"limit": MOST_TAX_IDS})
    cleaned: list[dict[str, str]] = []
    errors: dict[str, list[str]] = {}
    for index, entry in enumerate(entries):
        try:
            cleaned.append(clean_tax_id_entry(entry, {known["type"] for known in cleaned}))
        except FieldError as error:
            errors |= {f"[{index}]{part}": texts for part, texts in error.errors.items()}
    if errors:
        raise FieldError(errors=errors)
    return cleaned


def clean_tax_id_entry(entry: Any, taken: set[str]) -> dict[str, str]:
    """Return one ``{"type", "value"}`` whose type is not taken."""
    if not isinstance(entry, Mapping):
        raise FieldError(_("An object with type and value is needed here."))
    part = "type"
    try:
        kind = clean_tax_id_type(entry.get("type"))
        if kind in taken:
            raise FieldError(_("This type is given twice."))
        part = "value"
        return {"type": kind, "value": clean_tax_id(kind, entry.get("value"))}
    except FieldError as error:
        raise FieldError(errors={f".{part}": [str(error)]}) from None


# Days


def clean_date(value: Any) -> date | None:
    """Return a day, from a day or a moment in ISO 8601. The day of a moment is the one written."""
    if value in (None, ""):
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    # A JSON number is no date, though its digits may look like one.
    written = value if isinstance(value, str) else ""
    try:
        moment = parse_datetime(written)
        day = parse_date(written) or (moment.date() if moment else None)
    except ValueError:
        day = None
    if day is None:
        raise FieldError(str(NO_DATE))
    check_year(day)
    return day


def check_year(day: date) -> None:
    """Refuse a day, or a moment, of a year that we do not reckon with."""
    if not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
        sentence = _("The year must lie between %(first)d and %(last)d.")
        raise FieldError(sentence % {"first": EARLIEST_YEAR, "last": LATEST_YEAR})


# Numbers


def clean_decimal(
    value: Any,
    *,
    places: int,
    low: Decimal | int | None = None,
    high: Decimal | int | None = None,
    required: bool = False,
) -> Decimal | None:
    """Return an exact decimal of at most ``places`` decimals and 15 significant digits, within bounds.

    Takes Decimal, int and plain text such as ``12.50``. A binary float is refused: it is not what was written.
    """
    if not given(value):
        if required:
            raise FieldError(_("A number is needed here."))
        return None
    number = plain_decimal(value)
    within(number, low, high)
    digits, decimals = extent(number)
    if decimals > places:
        raise FieldError(
            ngettext("At most %(places)d decimal fits.", "At most %(places)d decimals fit.", places)
            % {"places": places}
        )
    if digits > SIGNIFICANT_DIGITS:
        raise FieldError(_("At most %(limit)d digits fit.") % {"limit": SIGNIFICANT_DIGITS})
    return number


def within(number: Decimal, low: Decimal | int | None, high: Decimal | int | None) -> None:
    """Refuse a number outside its bounds; None is no bound."""
    if low is not None and number < low:
        raise FieldError(_("At least %(low)s is needed.") % {"low": low})
    if high is not None and number > high:
        raise FieldError(_("At most %(high)s is allowed.") % {"high": high})


def plain_decimal(value: Any) -> Decimal:
    """Return a finite decimal for a Decimal, an int or a plain text."""
    if isinstance(value, str):
        text = ascii_digits(value.strip())
        value = Decimal(text) if len(text) <= LONGEST_NUMBER and PLAIN_NUMBER.fullmatch(text) else None
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise FieldError(_("A number is needed here."))
    # More digits than an int may be printed with would not fit anyway.
    if isinstance(value, int) and abs(value) >= 10**LONGEST_NUMBER:
        raise FieldError(_("At most %(limit)d digits fit.") % {"limit": SIGNIFICANT_DIGITS})
    number = Decimal(value)
    if not number.is_finite():
        raise FieldError(_("A number is needed here."))
    return number


def extent(number: Decimal) -> tuple[int, int]:
    """Return how many significant digits a finite number has, zeros before its point too, and decimals."""
    _sign, digits, exponent = number.as_tuple()
    written = "".join(map(str, digits)).lstrip("0")
    bare = written.rstrip("0")
    if not bare:
        return 0, 0
    shift = int(exponent) + len(written) - len(bare)
    return len(bare) + max(shift, 0), max(-shift, 0)


def clean_rate(value: Any, *, required: bool = False) -> Decimal | None:
    """Return a rate in percent, 0 to 100, of at most four decimals."""
    return clean_decimal(value, places=4, low=0, high=100, required=required)


def clean_latitude(value: Any) -> Decimal | None:
    """Return degrees north, -90 to 90, to six decimals (a tenth of a metre)."""
    return clean_degrees(value, 90)


def clean_longitude(value: Any) -> Decimal | None:
    """Return degrees east, -180 to 180, to six decimals (a tenth of a metre)."""
    return clean_degrees(value, 180)


def clean_degrees(value: Any, limit: int) -> Decimal | None:
    """Return degrees within a limit. Maps give more decimals than anybody has use for; those are dropped."""
    if not given(value):
        return None
    number = plain_decimal(value)
    within(number, -limit, limit)
    return round(number, 6)


# Addresses


def clean_address(value: Any) -> dict[str, str]:
    """Return an address with the parts that were given. A text is kept in ``text``.

    Errors are named ``.city``; an unknown part is an error.
    """
    if not given(value):
        return {}
    if isinstance(value, str):
        value = {"text": value}
    if not isinstance(value, Mapping):
        raise FieldError(_("A text or an object is needed here."))
    address: dict[str, str] = {}
    errors: dict[str, list[str]] = {}
    for part, entry in value.items():
        try:
            address[part] = clean_address_part(part, entry)
        except FieldError as error:
            errors[f".{part}"] = [str(error)]
    if errors:
        raise FieldError(errors=errors)
    return {part: address[part] for part in ADDRESS_LENGTHS if address.get(part)}


def clean_address_part(part: str, value: Any) -> str:
    """Return one part of an address."""
    if part not in ADDRESS_LENGTHS:
        raise FieldError(_("An address has: %(parts)s.") % {"parts": ", ".join(ADDRESS_LENGTHS)})
    if part == "country":
        return clean_country(value)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)  # a building number or postal code written as a number
    return clean_text(value, ADDRESS_LENGTHS[part], multiline=part == "text")


# A line is a text of parts in braces; what stands before a part is written only between two that are there.
HEAD: Final = ("{building_number} {street}", "{line2}", "{district}")
DEFAULT_LINES: Final = (*HEAD, "{postal_code} {city}", "{region}")
STREET_FIRST: Final = ("{street} {building_number}", *DEFAULT_LINES[1:])
CITY_REGION_CODE: Final = (*HEAD, "{city}, {region} {postal_code}")
CITY_THEN_CODE: Final = (*HEAD, "{city}", "{region}", "{postal_code}")
ARAB: Final = ("{building_number} {street}, {district}", "{line2}", "{city} {postal_code}", "{region}")
LINES_BY_COUNTRIES: Final[Mapping[str, tuple[str, ...]]] = {
    "AT BE BG CH CZ DE DK EE ES FI GR HR HU IS IT LT LV NL NO PL PT RO RS SE SI SK TR": STREET_FIRST,
    "AU CA IN US": CITY_REGION_CODE,
    "GB GG IE IM JE": CITY_THEN_CODE,
    "AE BH EG IQ JO KW LB LY OM QA SA SD SY YE": ARAB,
}
ADDRESS_LINES: Final[Mapping[str, tuple[str, ...]]] = {
    country: lines for countries, lines in LINES_BY_COUNTRIES.items() for country in countries.split()
}
PIECE: Final = re.compile(r"([^{}]*)\{(\w+)\}")


def address_lines(address: Mapping[str, Any], language: str, *, with_country: bool = False) -> list[str]:
    """Return the lines of an address in the order of its country, for printing.

    A free text comes first, as written. ``with_country`` adds the country's name in ``language``.
    """
    comma = "، " if language == "ar" else ", "
    lines = [line.strip() for line in str(address.get("text", "")).splitlines()]
    for pattern in ADDRESS_LINES.get(address.get("country", ""), DEFAULT_LINES):
        line = ""
        for separator, part in PIECE.findall(pattern):
            if value := str(address.get(part, "")):
                line += (comma if separator == ", " else separator) * bool(line) + value
        lines.append(line)
    if with_country and address.get("country"):
        lines.append(country_name(address["country"], language))
    return [line for line in lines if line]


@lru_cache(maxsize=2048)
def country_name(code: str, language: str) -> str:
    """Return a country's name in a language, or the code where there is none."""
    return str(Locale.parse(language).territories.get(code, code))


# Countries and their money

EU_COUNTRIES: Final = frozenset(code.upper() for code in MEMBER_STATES) - {"EL", "XI"} | {"GR"}


# Changes that Babel's CLDR does not know yet
NEW_CURRENCIES: Final = {"BG": "EUR"}


@lru_cache(maxsize=512)
def currency_of(country: str) -> str:
    """Return the currency that is legal tender in a country today (CLDR), or an empty text."""
    try:
        found = get_territory_currencies(country) if country in COUNTRIES else []
    except KeyError:
        found = []
    return NEW_CURRENCIES.get(country) or next((code for code in found if code in CURRENCIES), "")
