"""The words, figures and dates of the pages, in the three languages."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django import forms
from django.template import Context, Template
from django.utils import timezone, translation

from accounts.templatetags import ui

NBSP = "\u00a0"
THIN = "\u202f"


def render(source: str, **context: object) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


@pytest.mark.parametrize(
    ("language", "country", "expected"),
    [("ar", "MA", "ar-ma"), ("ar", "", "ar"), ("fr", "MA", "fr"), ("en", "SA", "en")],
)
def test_regional_language_differs_only_for_arabic(language: str, country: str, expected: str) -> None:
    assert ui.regional_language(language, country) == expected


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en", "en"), ("fr-ca", "fr"), ("ar", "ar"), ("ar-ma", "ar_MA"), ("ar-zz", "ar")],
)
def test_current_locale_keeps_only_regions_babel_knows(language: str, expected: str) -> None:
    with translation.override(language):
        assert str(ui.current_locale()) == expected


@pytest.mark.parametrize(
    ("currency", "digits"), [("MAD", 2), ("KWD", 3), ("JPY", 0), ("IQD", 3), ("XAU", 2), ("", 2), ("ZZZ", 2)]
)
def test_currency_digits_follow_iso_4217(currency: str, digits: int) -> None:
    assert ui.currency_digits(currency) == digits


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", f"MAD{NBSP}\u221222,680.50"),
        ("fr", f"\u221222{THIN}680,50{NBSP}MAD"),
        ("ar-ma", f"\u221222.680,50{NBSP}د.م."),
        ("ar-sa", f"\u221222,680.50{NBSP}د.م."),
    ],
)
def test_money_text_follows_the_locale(language: str, expected: str) -> None:
    with translation.override(language):
        assert ui.money_text(Decimal("-22680.5"), "MAD") == expected


def test_money_text_of_nothing_is_empty() -> None:
    assert ui.money_text(None, "MAD") == ""


@pytest.mark.parametrize(("currency", "expected"), [("SAR", "ر.س."), ("EUR", "يورو"), ("USD", "USD"), ("CHF", "CHF")])
def test_unit_in_arabic_is_arabic_or_the_code(currency: str, expected: str) -> None:
    with translation.override("ar"):
        assert ui.unit(currency) == expected


def test_money_isolates_figure_and_whole() -> None:
    with translation.override("ar"):
        written = render("{{ amount|money:'MAD' }}", amount=Decimal("9.5"))
    assert written == f'<bdi class="num"><bdi class="ltr num" dir="ltr">9.50</bdi>{NBSP}د.م.</bdi>'


def test_money_puts_the_code_first_in_english() -> None:
    written = render("{{ amount|money:'KWD' }}", amount=Decimal("1.5"))
    assert written == f'<bdi class="num">KWD{NBSP}<bdi class="ltr num" dir="ltr">1.500</bdi></bdi>'


@pytest.mark.parametrize("name", ["money:'MAD'", "figure:'MAD'", "quantity", "percent", "day", "clock", "moment"])
def test_filters_write_nothing_for_nothing(name: str) -> None:
    assert render("{{ value|" + name + " }}", value=None) == ""


@pytest.mark.parametrize(
    ("value", "language", "expected"),
    [("3.000", "en", "3"), ("-1.250", "fr", "\u22121,25"), ("1200", "ar-ma", "1.200")],
)
def test_quantity_writes_only_the_decimals_it_needs(value: str, language: str, expected: str) -> None:
    with translation.override(language):
        assert ui.quantity(Decimal(value)) == f'<bdi class="ltr num" dir="ltr">{expected}</bdi>'


@pytest.mark.parametrize(
    ("value", "language", "expected"),
    [("20", "en", "20%"), ("5.5", "fr", f"5,5{NBSP}%"), ("20", "ar", "20%")],
)
def test_percent_follows_the_locale(value: str, language: str, expected: str) -> None:
    with translation.override(language):
        assert ui.percent(Decimal(value)) == f'<bdi class="ltr num" dir="ltr">{expected}</bdi>'


def test_count_groups_thousands() -> None:
    assert ui.count(2031) == "2,031"


@pytest.mark.parametrize(
    ("language", "short", "long"),
    [
        ("en", "5 Dec 2026", "5 December 2026"),
        ("fr", "5 déc. 2026", "5 décembre 2026"),
        ("ar-ma", "5 دجنبر 2026", "5 دجنبر 2026"),
        ("ar-sa", "5 ديسمبر 2026", "5 ديسمبر 2026"),
    ],
)
def test_day_names_months_as_the_country_does(language: str, short: str, long: str) -> None:
    with translation.override(language):
        assert (ui.day(date(2026, 12, 5)), ui.long_day(date(2026, 12, 5))) == (short, long)


def test_short_day_and_month_leave_out_the_rest() -> None:
    assert (ui.short_day(date(2026, 11, 5)), ui.month(date(2026, 11, 5))) == ("5 Nov", "November 2026")


def test_moment_is_written_in_the_active_time_zone() -> None:
    with timezone.override("Africa/Cairo"):
        assert ui.moment(datetime(2026, 12, 4, 23, 12, tzinfo=UTC)) == "5 Dec 2026, 01:12"


def test_moment_has_the_comma_of_the_language() -> None:
    with translation.override("ar"):
        assert ui.moment(datetime(2026, 12, 5, 9, 12, tzinfo=UTC)) == "5 ديسمبر 2026، 09:12"


@pytest.mark.parametrize(
    ("status", "label", "icon"),
    [("partially_paid", "Partly paid", ""), ("sent", "Sent", "plane"), ("unheard_of", "unheard_of", "")],
)
def test_status_has_a_word_and_where_it_helps_an_icon(status: str, label: str, icon: str) -> None:
    assert (ui.status_label(status), ui.status_icon(status)) == (label, icon)


@pytest.mark.parametrize(("name", "letter"), [(" atelier", "A"), ("ورشة", "و"), ("", "")])
def test_initial_is_the_first_letter(name: str, letter: str) -> None:
    assert ui.initial(name) == letter


def test_icon_is_hidden_from_readers_and_drawn_from_the_sprite() -> None:
    drawn = str(ui.icon("pencil"))
    assert drawn.startswith('<svg class="i" aria-hidden="true"><use href="')
    assert drawn.endswith('.svg#pencil"/></svg>')


def test_icon_that_points_mirrors_and_can_be_named() -> None:
    assert str(ui.icon("back", "l", 'So "named"')).startswith(
        '<svg class="i l flip" role="img" aria-label="So &quot;named&quot;">'
    )


class Everything(forms.Form):
    text = forms.CharField()
    note = forms.CharField(widget=forms.Textarea)
    one = forms.ChoiceField(choices=[("a", "A")])
    many = forms.MultipleChoiceField(choices=[("a", "A")])
    radio = forms.ChoiceField(choices=[("a", "A")], widget=forms.RadioSelect)
    boxes = forms.MultipleChoiceField(choices=[("a", "A")], widget=forms.CheckboxSelectMultiple)
    agreed = forms.BooleanField()
    logo = forms.FileField()
    day = forms.DateField()


def test_widget_kind_knows_every_widget() -> None:
    assert {field.name: ui.widget_kind(field) for field in Everything()} == {
        "text": "text",
        "note": "area",
        "one": "select",
        "many": "text",
        "radio": "ticks",
        "boxes": "ticks",
        "agreed": "check",
        "logo": "file",
        "day": "text",
    }


def test_field_ties_help_and_error_to_the_input() -> None:
    class Wrong(forms.Form):
        number = forms.CharField(label="VAT number", help_text="On your certificate")

    form = Wrong({"number": ""})
    form.is_valid()
    written = render('{% include "components/field.html" with field=form.number only %}', form=form)
    assert 'aria-describedby="id_number_helptext id_number_error"' in written
    assert 'id="id_number_helptext">On your certificate<' in written
    assert 'id="id_number_error"' in written
