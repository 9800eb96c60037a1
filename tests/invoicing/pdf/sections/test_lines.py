from __future__ import annotations

from typing import Any

import pytest

from invoicing.pdf import render
from tests.invoicing.pdf import documents, reading


@pytest.mark.parametrize("look", ["modern", "classic", "compact"])
def test_lines_are_named_in_arabic_on_an_arabic_page_where_they_can_be(look: Any) -> None:
    both = documents.item("Hosting", "1", "10", description="One year", name_ar="استضافة", description_ar="سنة")
    alone = documents.item("Backup", "1", "10", description="Daily")
    said = ("Hosting", "One year", "استضافة", "سنة", "Backup", "Daily")
    for language, expected in (("ar", said[2:]), ("en", (*said[:2], *said[4:]))):
        read = reading.text(render(documents.invoice(language, look=look, items=(both, alone))))
        assert tuple(word for word in said if word in read) == expected
