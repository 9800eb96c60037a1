from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from accounts.templatetags.ui import STATUSES
from config.catalogues import collect, gaps, load

FOLDER = Path(settings.LOCALE_PATHS[0])
HELD = re.compile(r"%\(\w+\)[sd]|%[sd]|\{[^{}\s]*\}|</?\w[^>]*>")
FORMS = {"ar": 6, "fr": 2}
# What Arabic says without a figure: none, one, two
IN_WORDS = 3
ENDS = {".": ".", "?": "؟", ":": ":", "…": "…"}
STATUS_WORDS = {
    "ar": {
        "draft": "مسودة",
        "issued": "صادرة",
        "sent": "مُرسلة",
        "viewed": "شوهدت",
        "partially_paid": "مدفوعة جزئيًا",
        "paid": "مدفوعة",
        "overdue": "متأخرة",
        "cancelled": "ملغاة",
        "refunded": "مُستردّة",
        "credited": "مسوّاة بإشعار دائن",
    },
    "fr": {
        "draft": "Brouillon",
        "issued": "Émise",
        "sent": "Envoyée",
        "viewed": "Consultée",
        "partially_paid": "Payée en partie",
        "paid": "Payée",
        "overdue": "En retard",
        "cancelled": "Annulée",
        "refunded": "Remboursée",
        "credited": "Soldée par avoir",
    },
}


def path_of(language):
    return FOLDER / language / "LC_MESSAGES/django.po"


def catalogue(language):
    return load(path_of(language), language)


def entries(language):
    """Each text with its context, its English and its translated forms."""
    for message in catalogue(language):
        if message.id:
            texts = (message.id,) if isinstance(message.id, str) else message.id
            forms = (message.string,) if isinstance(message.string, str) else message.string
            yield message.context, texts, forms


def held(text):
    """The placeholders and tags of a text."""
    return sorted(HELD.findall(text))


def ending(text):
    return text[-1] if text[-1] in ".?؟:…" else ""


@pytest.fixture(scope="module")
def template():
    return collect(Path(settings.BASE_DIR))


@pytest.mark.parametrize("language", FORMS)
def test_catalogues_are_in_step_with_the_texts(language, template):
    assert list(gaps(path_of(language), language, template)) == []


@pytest.mark.parametrize("language", FORMS)
def test_plurals_have_the_forms_of_the_language(language):
    assert catalogue(language).num_plurals == FORMS[language]
    counted = {texts: len(forms) for _context, texts, forms in entries(language) if len(texts) > 1}
    assert counted
    assert counted == dict.fromkeys(counted, FORMS[language])


def test_arabic_counts_as_django_does():
    """Forms in the order of CLDR, as in Django's own catalogue, so that both are one catalogue at run time."""
    expected = {0: 0, 1: 1, 2: 2, 3: 3, 10: 3, 11: 4, 99: 4, 100: 5, 102: 5, 103: 3, 111: 4, 1000: 5}
    expression = catalogue("ar").plural_expr.replace("&&", "and").replace("||", "or")
    assert {count: plural_form(expression, count) for count in expected} == expected


def plural_form(expression, count):
    """The value of C's chain of ``condition ? form : …`` for a count."""
    parts = re.split(r"\?|:", expression.strip("()"))
    for condition, form in zip(parts[::2], parts[1::2], strict=False):
        if eval(condition, {"n": count}):
            return int(form)
    return int(parts[-1])


def test_plural_form_reads_the_expression():
    assert [plural_form("(n==0 ? 0 : n==1 ? 1 : 2)", count) for count in (0, 1, 5)] == [0, 1, 2]


@pytest.mark.parametrize("language", FORMS)
def test_placeholders_and_tags_are_kept(language):
    differing = [
        (texts[0], form)
        for _context, texts, forms in entries(language)
        for number, form in enumerate(forms)
        if not (len(texts) > 1 and language == "ar" and number < IN_WORDS) and held(form) != held(texts[-1])
    ]
    assert differing == []


def test_arabic_forms_in_words_hold_nothing_new():
    new = [
        form
        for _context, texts, forms in entries("ar")
        if len(texts) > 1
        for form in forms[:IN_WORDS]
        if set(held(form)) - set(held(texts[-1]))
    ]
    assert new == []


@pytest.mark.parametrize("language", FORMS)
def test_translations_end_as_the_texts_do(language):
    ends = ENDS if language == "ar" else {mark: mark for mark in ENDS}
    differing = [
        form
        for _context, texts, forms in entries(language)
        for form in forms
        if ending(form) != ends.get(ending(texts[0]), "")
    ]
    assert differing == []


@pytest.mark.parametrize("language", FORMS)
def test_spaces_at_the_ends_are_kept(language):
    differing = [
        form
        for _context, texts, forms in entries(language)
        for form in forms
        if (form[0].isspace(), form[-1].isspace()) != (texts[0][0].isspace(), texts[0][-1].isspace())
    ]
    assert differing == []


@pytest.mark.parametrize("language", FORMS)
def test_ellipses_are_one_character(language):
    assert [form for _context, _texts, forms in entries(language) for form in forms if "..." in form] == []


def test_french_has_its_spaces_and_apostrophes():
    """A space that does not break stands before : ; ! ? and inside «»; the apostrophe is the curved one."""
    plain = [HELD.sub("x", form) for _context, _texts, forms in entries("fr") for form in forms]
    wrong = re.compile(r"'|(?<=\w)[;!?](?!\w)|(?<=\w):(?= |$)|[ \u202f][:;!?»]|«(?!\u00a0)|(?<!\u00a0)»")
    assert [text for text in plain if wrong.search(text)] == []


def test_arabic_has_its_own_marks():
    """No stretched letters, no Arabic-Indic digits, no Latin comma or question mark after an Arabic letter."""
    plain = [HELD.sub("x", form) for _context, _texts, forms in entries("ar") for form in forms]
    wrong = re.compile(r"\u0640(?! )|[\u0660-\u0669]|[\u0621-\u064a\u064b-\u0652][,;?]|[“”\"]")
    assert [text for text in plain if wrong.search(text)] == []


@pytest.mark.parametrize("language", FORMS)
def test_statuses_have_the_words_of_the_design(language):
    with translation.override(language):
        assert {name: str(look.label) for name, look in STATUSES.items()} == STATUS_WORDS[language]


def test_moroccan_words_stand_in_for_arabic_ones():
    arabic = {(context, texts[0]): (texts, forms) for context, texts, forms in entries("ar")}
    moroccan = {(context, texts[0]): (texts, forms) for context, texts, forms in entries("ar_MA")}
    assert moroccan.keys() - arabic.keys() == set()
    assert [key for key, (texts, forms) in moroccan.items() if held(forms[0]) != held(texts[-1])] == []


def test_moroccan_pages_read_all_else_from_the_arabic_catalogue():
    """Django's and the packages' catalogues must not come between ar_MA and our ar."""
    single = {(context, texts[0]): forms[0] for context, texts, forms in entries("ar") if len(forms) == 1}
    expected = single | {(context, texts[0]): forms[0] for context, texts, forms in entries("ar_MA")}
    with translation.override("ar-ma"):
        found = {(context, text): spoken(context, text) for context, text in expected}
    assert found == expected


def spoken(context, text):
    return translation.pgettext(context, text) if context else translation.gettext(text)
