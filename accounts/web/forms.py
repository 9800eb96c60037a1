"""What forms of pages share."""

from __future__ import annotations

from collections.abc import Mapping

from django.forms import BaseForm

from accounts.errors import AppError


def put_errors(form: BaseForm, refused: AppError, names: Mapping[str, str] | None = None) -> None:
    """Show a refusal at the fields it concerns, and what concerns none over the form.

    The field for ``address.city`` is ``address_city``, for ``tax_ids[0].value`` it is ``tax_ids_0_value``, or what
    ``names`` says.
    """
    for name, sentences in refused.errors.items():
        plain = name.replace("].", "_").replace("[", "_").replace(".", "_").rstrip("]")
        field = (names or {}).get(name, plain)
        while field not in form.fields and "_" in field:
            field = field.rpartition("_")[0]
        form.add_error(field if field in form.fields else None, [str(sentence) for sentence in sentences])
    if not refused.errors:
        form.add_error(None, str(refused.detail))
