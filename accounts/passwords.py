"""What a password must be, in words of our own where the framework's are not in all our languages."""

from __future__ import annotations

from django.contrib.auth import password_validation
from django.utils.translation import ngettext


class MinimumLengthValidator(password_validation.MinimumLengthValidator):
    """Refuse a short password, in the reader's language."""

    def get_error_message(self) -> str:
        """Return how many characters are needed."""
        needed = ngettext("At least %(count)d character.", "At least %(count)d characters.", self.min_length)
        return needed % {"count": self.min_length}
