"""Names of currencies as they are counted in English, French and Arabic.

Names are CLDR's where it has them; Arabic plurals and minor units were checked against grammars and
tables made by others. A currency that is not here is printed in figures with its code.
"""

from __future__ import annotations

from functools import cache
from typing import Final, NamedTuple


class Arabic(NamedTuple):
    """A counted noun with its adjective, in the forms that numbers ask for.

    `one` also follows hundreds and thousands, `few` is the plural of 3 to 10, `many` the accusative
    singular of 11 to 99. `another` and `pair` stand after a round number: one hundred dirhams *and a
    dirham*.
    """

    single: str
    one: str
    two: str
    few: str
    many: str
    another: str
    pair: str
    feminine: bool


class Name(NamedTuple):
    """A unit's singular and plural in English and French, and its Arabic forms."""

    en: tuple[str, str]
    fr: tuple[str, str]
    ar: Arabic


class Money(NamedTuple):
    """A currency's name and, unless its parts are not said, its minor unit and how many decimals that is."""

    major: Name
    minor: Name | None
    digits: int


_PLURALS: Final = {
    "درهم": "دراهم",
    "دينار": "دنانير",
    "فلس": "فلوس",
    "قرش": "قروش",
}  # fmt: skip - a table reads better in rows
# Foreign nouns that end in a long vowel take no tanwin.
_WITHOUT_TANWIN: Final = frozenset({"يورو", "زلوتي", "ليو"})

# English, French, Arabic. What is in brackets makes the plural, a stroke separates two words.
_MINOR: Final = {
    "centime": ("centime(s)", "centime(s)", "سنتيم"),
    "cent": ("cent(s)", "cent(s)", "سنت"),
    "euro cent": ("cent(s)", "centime(s)", "سنت"),
    "halala": ("halala(s)", "halala(s)", "هللة"),
    "fils": ("fils", "fils", "فلس"),
    "dirham": ("dirham(s)", "dirham(s)", "درهم"),
    "baisa": ("baisa(s)", "baisa(s)", "بيسة"),
    "piastre": ("piastre(s)", "piastre(s)", "قرش"),
    "millime": ("millime(s)", "millime(s)", "مليم"),
    "agora": ("agora/agorot", "agora/agorot", "أغورة"),
    "penny": ("penny/pence", "penny/pence", "بنس"),
    "fen": ("fen", "fen", "فن"),
    "paisa": ("paisa/paise", "paisa(s)", "بيسة"),
    "kuruş": ("kuruş", "kuruş", "قرش"),
    "öre": ("öre", "öre", "أورة"),
    "øre": ("øre", "øre", "أورة"),
}

# The last two: the minor unit, empty where its parts are not said in words, and its decimals by ISO 4217.
# An ouguiya has five khoums, so that hundredths of it have no name.
_CURRENCIES: Final = {
    "MAD": ("Moroccan dirham(s)", "dirham(s) marocain(s)", "درهم مغربي", "centime", 2),
    "SAR": ("Saudi riyal(s)", "riyal(s) saoudien(s)", "ريال سعودي", "halala", 2),
    "AED": ("UAE dirham(s)", "dirham(s) des Émirats arabes unis", "درهم إماراتي", "fils", 2),
    "QAR": ("Qatari riyal(s)", "riyal(s) qatari(s)", "ريال قطري", "dirham", 2),
    "KWD": ("Kuwaiti dinar(s)", "dinar(s) koweïtien(s)", "دينار كويتي", "fils", 3),
    "BHD": ("Bahraini dinar(s)", "dinar(s) bahreïni(s)", "دينار بحريني", "fils", 3),
    "OMR": ("Omani rial(s)", "riyal(s) omanais", "ريال عماني", "baisa", 3),
    "JOD": ("Jordanian dinar(s)", "dinar(s) jordanien(s)", "دينار أردني", "fils", 3),
    "EGP": ("Egyptian pound(s)", "livre(s) égyptienne(s)", "جنيه مصري", "piastre", 2),
    "TND": ("Tunisian dinar(s)", "dinar(s) tunisien(s)", "دينار تونسي", "millime", 3),
    "DZD": ("Algerian dinar(s)", "dinar(s) algérien(s)", "دينار جزائري", "centime", 2),
    "LYD": ("Libyan dinar(s)", "dinar(s) libyen(s)", "دينار ليبي", "dirham", 3),
    "IQD": ("Iraqi dinar(s)", "dinar(s) irakien(s)", "دينار عراقي", "fils", 3),
    "LBP": ("Lebanese pound(s)", "livre(s) libanaise(s)", "ليرة لبنانية", "piastre", 2),
    "SYP": ("Syrian pound(s)", "livre(s) syrienne(s)", "ليرة سورية", "piastre", 2),
    "YER": ("Yemeni rial(s)", "riyal(s) yéménite(s)", "ريال يمني", "fils", 2),
    "SDG": ("Sudanese pound(s)", "livre(s) soudanaise(s)", "جنيه سوداني", "piastre", 2),
    "MRU": ("Mauritanian ouguiya(s)", "ouguiya(s) mauritanien(s)", "أوقية موريتانية", "", 2),
    "DJF": ("Djiboutian franc(s)", "franc(s) djiboutien(s)", "فرنك جيبوتي", "", 0),
    "KMF": ("Comorian franc(s)", "franc(s) comorien(s)", "فرنك قمري", "", 0),
    "SOS": ("Somali shilling(s)", "shilling(s) somalien(s)", "شلن صومالي", "cent", 2),
    "ILS": ("Israeli shekel(s)", "shekel(s) israélien(s)", "شيكل إسرائيلي", "agora", 2),
    "USD": ("US dollar(s)", "dollar(s) américain(s)", "دولار أمريكي", "cent", 2),
    "EUR": ("euro(s)", "euro(s)", "يورو", "euro cent", 2),
    "GBP": ("pound(s) sterling", "livre(s) sterling", "جنيه إسترليني", "penny", 2),
    "CHF": ("Swiss franc(s)", "franc(s) suisse(s)", "فرنك سويسري", "centime", 2),
    "CAD": ("Canadian dollar(s)", "dollar(s) canadien(s)", "دولار كندي", "cent", 2),
    "AUD": ("Australian dollar(s)", "dollar(s) australien(s)", "دولار أسترالي", "cent", 2),
    "NZD": ("New Zealand dollar(s)", "dollar(s) néo-zélandais", "دولار نيوزيلندي", "cent", 2),
    "SGD": ("Singapore dollar(s)", "dollar(s) de Singapour", "دولار سنغافوري", "cent", 2),
    "ZAR": ("South African rand", "rand(s) sud-africain(s)", "راند جنوب أفريقي", "cent", 2),
    "JPY": ("Japanese yen", "yen(s) japonais", "ين ياباني", "", 0),
    "CNY": ("Chinese yuan", "yuan(s) chinois", "يوان صيني", "fen", 2),
    "INR": ("Indian rupee(s)", "roupie(s) indienne(s)", "روبية هندية", "paisa", 2),
    "PKR": ("Pakistani rupee(s)", "roupie(s) pakistanaise(s)", "روبية باكستانية", "paisa", 2),
    "TRY": ("Turkish lira(s)", "livre(s) turque(s)", "ليرة تركية", "kuruş", 2),
    "SEK": ("Swedish krona/Swedish kronor", "couronne(s) suédoise(s)", "كرونة سويدية", "öre", 2),
    "NOK": ("Norwegian krone/Norwegian kroner", "couronne(s) norvégienne(s)", "كرونة نرويجية", "øre", 2),
    "DKK": ("Danish krone/Danish kroner", "couronne(s) danoise(s)", "كرونة دنماركية", "øre", 2),
    "PLN": ("Polish zloty(s)", "zloty(s) polonais", "زلوتي بولندي", "", 2),
    "CZK": ("Czech koruna(s)", "couronne(s) tchèque(s)", "كرونة تشيكية", "", 2),
    "HUF": ("Hungarian forint(s)", "forint(s) hongrois", "فورنت مجري", "", 2),
    "RON": ("Romanian leu/Romanian lei", "leu roumain/lei roumains", "ليو روماني", "", 2),
    "XOF": ("West African CFA franc(s)", "franc(s) CFA (BCEAO)", "فرنك غرب أفريقي", "", 0),
    "XAF": ("Central African CFA franc(s)", "franc(s) CFA (BEAC)", "فرنك وسط أفريقي", "", 0),
}  # fmt: skip - a table reads better in rows

CODES: Final = tuple(_CURRENCIES)


@cache
def money(code: str) -> Money | None:
    """Return how a currency is called, None for one that is not in the table."""
    row = _CURRENCIES.get(code)
    if row is None:
        return None
    *names, minor, digits = row
    return Money(_name(*names), _name(*_MINOR[minor]) if minor else None, digits)


def _name(english: str, french: str, arabic: str) -> Name:
    return Name(_numbers(english), _numbers(french), counted(arabic))


def _numbers(template: str) -> tuple[str, str]:
    """Return the singular and plural of `dirham(s)` or `penny/pence`."""
    singular, _, plural = template.partition("/")
    return singular.replace("(s)", ""), plural or singular.replace("(s)", "s")


def counted(name: str) -> Arabic:
    """Return the forms of an Arabic noun, alone or with the adjective in -ي that agrees with it."""
    noun, _, adjective = name.partition(" ")
    feminine = noun.endswith("ة")
    stem = noun.removesuffix("ة")
    pair = f"{stem}تان" if feminine else f"{noun}ان"
    few = _PLURALS.get(noun) or f"{stem}ات"
    many = noun if feminine or noun in _WITHOUT_TANWIN else f"{noun}ًا"
    another = f"{noun} واحدة" if feminine else f"{noun} واحد"
    if not adjective:
        return Arabic(another, noun, pair, few, many, another, pair, feminine)
    base = adjective.removesuffix("ة")
    return Arabic(
        single=f"{noun} {adjective} {'واحدة' if feminine else 'واحد'}",
        one=name,
        two=f"{pair} {base}{'تان' if feminine else 'ان'}",
        # The plural of what is no person takes the feminine singular.
        few=f"{few} {base}ة",
        many=f"{many} {adjective}" if feminine else f"{many} {base}ًّا",
        another=another,
        pair=pair,
        feminine=feminine,
    )
