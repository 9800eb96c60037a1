from __future__ import annotations

import pytest

from accounts.search import places_found
from accounts.templatetags.ui import marked


@pytest.mark.parametrize(
    ("text", "term", "found"),
    [
        ("Riad Zellige", "zell", "Riad <Zell>ige"),
        ("Éclair", "ecl", "<Écl>air"),
        ("أحمد الفاسي", "احمد", "<أحمد> الفاسي"),
        ("مُحَمَّد", "محمد", "<مُحَمَّد>"),
        ("aaa", "aa", "<aa>a"),
        ("Straße 5", "strasse", "<Straße> 5"),
        ("One two", "two one", "<One> <two>"),
        ("INV-2026-0147", "2026-01", "INV-<2026-01>47"),
        ("none", "x", "none"),
        ("none", "", "none"),
    ],
)
def test_places_found_mark_what_the_search_found(text: str, term: str, found: str) -> None:
    for start, end in reversed(places_found(text, term)):
        text = f"{text[:start]}<{text[start:end]}>{text[end:]}"
    assert text == found


def test_marked_escapes_the_text() -> None:
    assert marked("<b>Ria</b>", "ria") == "&lt;b&gt;<mark>Ria</mark>&lt;/b&gt;"
