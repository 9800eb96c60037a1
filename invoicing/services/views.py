"""Views of the list of invoices: kept under a name, changed and thrown away by whom they belong to."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.choices import Permission
from accounts.errors import Conflict, Invalid, NotAllowed
from accounts.models import Business
from accounts.schema import Cleaner, clean_text
from accounts.tenancy import Actor, require
from invoicing.models import SavedView
from invoicing.models.view import LONGEST_NAME, LONGEST_QUERY

MOST_VIEWS: Final = 20  # of a person in a business


def save_view(*, actor: Actor, business: Business, name: Any, query: str, at: datetime) -> SavedView:
    """Keep what a person narrows the list by under a name. Raises ``Invalid``, ``Conflict`` beyond ``MOST_VIEWS``."""
    require(actor, business, Permission.READ)
    if actor.user_id is None:
        raise NotAllowed  # a key has no list to look at
    view = SavedView(
        business=business, user_id=actor.user_id, name=clean_name(name), query=clean_query(query), created_at=at
    )
    if SavedView.objects.filter(business=business, user_id=actor.user_id).count() >= MOST_VIEWS:
        sentence = _("There are %(count)d saved views already, which is the most. Delete one first.")
        raise Conflict(sentence % {"count": MOST_VIEWS})
    return written(view)


def rename_view(*, actor: Actor, view: SavedView, name: Any) -> SavedView:
    """Give a view another name. Raises ``Invalid``."""
    require(actor, view.business_id, Permission.READ)
    view.name = clean_name(name)
    return written(view)


def change_view(*, actor: Actor, view: SavedView, query: str) -> SavedView:
    """Keep under a view's name what the list is narrowed by now. Raises ``Invalid``."""
    require(actor, view.business_id, Permission.READ)
    view.query = clean_query(query)
    return written(view)


def delete_view(*, actor: Actor, view: SavedView) -> None:
    """Throw a view away; the invoices it showed stay."""
    require(actor, view.business_id, Permission.READ)
    view.delete()


def clean_name(name: Any) -> str:
    """Return a view's name. Raises ``Invalid``."""
    cleaner = Cleaner({"name": name})
    cleaner.take("name", clean_text, LONGEST_NAME, required=True)
    return str(cleaner.done(Invalid)["name"])


def clean_query(query: str) -> str:
    """Return what a view narrows by. Raises ``Invalid`` where there is nothing, or too much to keep."""
    if not query:
        raise Invalid(errors={"name": [_("Search, filter or sort the list first: then there is something to save.")]})
    if len(query) > LONGEST_QUERY:
        raise Invalid(errors={"name": [_("This is narrowed by too much to be saved.")]})
    return query


def written(view: SavedView) -> SavedView:
    """Store a view. Raises ``Invalid`` where the person has another one of that name."""
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError:
        raise Invalid(errors={"name": [_("You have a view of this name already.")]}) from None
    return view
