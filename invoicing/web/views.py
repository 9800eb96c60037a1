"""Saved views of the list: kept, renamed, changed, thrown away."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.errors import Conflict, Invalid, NotFound
from accounts.web.forms import put_errors
from invoicing.models import SavedView
from invoicing.models.view import LONGEST_NAME
from invoicing.services.views import change_view, delete_view, rename_view, save_view
from invoicing.web.base import UNPROCESSABLE, InvoicePage
from invoicing.web.lists import address_of
from invoicing.web.narrowing import OF_THE_PAGE, asked_of, without


class ViewForm(forms.Form):
    """A view's name."""

    name = forms.CharField(
        label=gettext_lazy("Name of the view"), widget=forms.TextInput({"maxlength": LONGEST_NAME, "dir": "auto"})
    )


class ViewPage(InvoicePage):
    """A page about a person's saved views."""

    def form_page(self, form: forms.Form, *, view: SavedView | None, query: str, status: int = 200) -> HttpResponse:
        """Show the form for a view's name."""
        back = address_of(view) if view else f"{reverse('invoicing:invoice_list')}?{query}"
        return self.page("invoicing/view_form.html", {"form": form, "view": view, "query": query, "back": back}, status)

    def refused(self, refused: Conflict | Invalid, *, view: SavedView | None, query: str) -> HttpResponse:
        """Show the form again with what was refused."""
        form = ViewForm(self.request.POST)
        form.is_valid()
        form.errors.clear()
        put_errors(form, refused, {})
        return self.form_page(form, view=view, query=query, status=UNPROCESSABLE)


class Views(ViewPage):
    """Where a view is saved."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Ask for a name."""
        return self.form_page(ViewForm(), view=None, query=kept(request.GET.get("query", "")))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Save it and show it."""
        query = kept(request.POST.get("query", ""))
        try:
            view = save_view(
                actor=self.actor,
                business=self.business,
                name=request.POST.get("name", ""),
                query=query,
                at=timezone.now(),
            )
        except (Conflict, Invalid) as refused:
            return self.refused(refused, view=None, query=query)
        messages.success(request, _("Saved as “%(name)s”.") % {"name": view.name})
        return redirect(address_of(view))


class View(ViewPage):
    """One saved view: renamed, changed to what the list shows, or deleted."""

    def view_or_404(self, pk: str) -> SavedView:
        """Return a view of the person's own. Raises ``NotFound``."""
        rows = SavedView.objects.for_actor(self.actor).filter(business=self.business, user_id=self.actor.user_id)
        view = rows.filter(pk=pk).first()
        if view is None:
            raise NotFound
        return view

    def get(self, request: HttpRequest, view: str) -> HttpResponse:
        """Show its name and ask whether it is to go."""
        saved = self.view_or_404(view)
        return self.form_page(ViewForm(initial={"name": saved.name}), view=saved, query=saved.query)

    def post(self, request: HttpRequest, view: str) -> HttpResponse:
        """Do what was asked for."""
        saved, data = self.view_or_404(view), request.POST
        if data.get("act") == "delete":
            delete_view(actor=self.actor, view=saved)
            messages.success(request, _("The view “%(name)s” was deleted.") % {"name": saved.name})
            return redirect("invoicing:invoice_list")
        try:
            saved = self.changed(saved, data)
        except (Conflict, Invalid) as refused:
            return self.refused(refused, view=saved, query=saved.query)
        messages.success(request, _("Saved."))
        return redirect(address_of(saved))

    def changed(self, view: SavedView, data: Any) -> SavedView:
        """Change its name, or what it shows. Raises ``Invalid``."""
        if data.get("act") == "change":
            return change_view(actor=self.actor, view=view, query=kept(data.get("query", "")))
        return rename_view(actor=self.actor, view=view, name=data.get("name", ""))


def kept(query: str) -> str:
    """Return what of an address a view keeps."""
    return without(asked_of(QueryDict(query)), *OF_THE_PAGE).urlencode()
