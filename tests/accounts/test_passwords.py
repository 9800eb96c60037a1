from __future__ import annotations

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import translation


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_a_short_password_is_refused_in_the_readers_language(language: str) -> None:
    """The framework's Arabic lacks its own sentence."""
    with translation.override(language), pytest.raises(ValidationError) as refused:
        validate_password("xkq7z")
    assert not any("must contain" in sentence for sentence in refused.value.messages)
