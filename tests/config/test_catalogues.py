from __future__ import annotations

import gettext
import os

import pytest

from config.catalogues import collect, compile_catalogues, gaps, update

CODE = """
from django.utils.translation import gettext as _, ngettext
one = _("A name")
# Translators: on a button
two = _("Send")
three = ngettext("%(count)d line", "%(count)d lines", 3)
"""
PAGE = """
{% load i18n %}
<div>
    <p title="it's">{% translate "A name" %}</p>
  {% blocktranslate with total=total %}In all {{ total }}{% endblocktranslate %}
</div>
"""


@pytest.fixture
def root(tmp_path):
    for folder in ("accounts", "templates"):
        (tmp_path / folder).mkdir()
    (tmp_path / "accounts/texts.py").write_text(CODE)
    (tmp_path / "templates/page.html").write_text(PAGE)
    return tmp_path


@pytest.fixture
def french(root):
    path = root / "locale/fr/LC_MESSAGES/django.po"
    update(path, "fr", collect(root))
    return path


def fill(path, **words):
    text = path.read_text()
    for number, (old, new) in enumerate(words.values()):
        assert old in text, number
        text = text.replace(old, new)
    path.write_text(text)


def test_collect_finds_texts_in_code_and_templates(root):
    found = {message.id: [place for place, _line in message.locations] for message in collect(root) if message.id}
    assert found == {
        "A name": ["accounts/texts.py", "templates/page.html"],
        "Send": ["accounts/texts.py"],
        ("%(count)d line", "%(count)d lines"): ["accounts/texts.py"],
        "In all %(total)s": ["templates/page.html"],
    }


def test_update_makes_a_file_whose_gaps_are_the_texts(root, french):
    assert list(gaps(french, "fr", collect(root))) == [
        "not translated: %(count)d line",
        "not translated: A name",
        "not translated: In all %(total)s",
        "not translated: Send",
    ]


def test_update_changes_nothing_the_second_time(root, french):
    before = french.read_text()
    update(french, "fr", collect(root))
    assert french.read_text() == before


def test_gaps_name_what_is_missing_and_what_is_gone(root, french):
    (root / "accounts/texts.py").write_text('from x import gettext as _\n_("New")\n')
    assert [gap for gap in gaps(french, "fr", collect(root)) if not gap.startswith("not translated")] == [
        "missing: New",
        "no longer used: %(count)d line",
        "no longer used: Send",
    ]


def test_gaps_name_a_placeholder_that_was_lost(root, french):
    fill(french, total=('msgid "In all %(total)s"\nmsgstr ""', 'msgid "In all %(total)s"\nmsgstr "En tout %(somme)s"'))
    assert [gap for gap in gaps(french, "fr", collect(root)) if "In all" in gap] == [
        "unknown named placeholder 'somme': In all %(total)s"
    ]


def test_compile_writes_what_gettext_reads(root, french):
    fill(french, name=('msgid "A name"\nmsgstr ""', 'msgid "A name"\nmsgstr "Un nom"'))
    assert compile_catalogues([root / "locale"]) == [french]
    with french.with_suffix(".mo").open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("A name") == "Un nom"


def test_compile_does_what_has_changed_alone(root, french):
    compile_catalogues([root / "locale"])
    assert compile_catalogues([root / "locale"]) == []
    later = french.stat().st_mtime + 10
    os.utime(french, (later, later))
    assert compile_catalogues([root / "locale"]) == [french]
