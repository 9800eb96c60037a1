"""What is done to a client from its page: archive, restore, delete. Each has a page that asks, for those without scripts."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.choices import Permission
from accounts.errors import AppError
from clients.models import Client
from clients.queries import is_unused
from clients.services import archive_client, delete_client, restore_client
from clients.web.views import ClientPage


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked before something is done to a client."""

    title: Promise
    text: Promise
    button: Promise
    danger: bool = False


class ClientAct(ClientPage):
    """A page that asks, and then does."""

    permission = Permission.WRITE
    question: Question

    def get(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Ask."""
        client = self.client_or_404(pk)
        return self.page("clients/client_question.html", {"client": client, "question": self.question_about(client)})

    def question_about(self, client: Client) -> Question:
        """Return what is asked about a client."""
        return self.question

    def post(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Do it, and say so."""
        client = self.client_or_404(pk)
        try:
            return self.act(client)
        except AppError as error:
            messages.error(request, str(error.detail))
            return redirect("clients:client_detail", pk)

    def act(self, client: Client) -> HttpResponse:
        """Do it and return where to go."""
        raise NotImplementedError


class ClientArchive(ClientAct):
    """Hide a client from lists."""

    question = Question(
        gettext_lazy("Archive this client?"),
        gettext_lazy("It leaves the lists. Its invoices stay as they are, and you can restore it at any time."),
        gettext_lazy("Archive"),
    )

    def act(self, client: Client) -> HttpResponse:
        """Archive the client."""
        archive_client(actor=self.actor, client=client, at=timezone.now())
        undo = reverse("clients:client_restore", args=[client.pk])
        messages.success(self.request, _("%(name)s is archived.") % {"name": client.name}, extra_tags=undo)
        return redirect("clients:client_detail", client.pk)


class ClientRestore(ClientAct):
    """Bring a client back to the lists."""

    question = Question(
        gettext_lazy("Restore this client?"),
        gettext_lazy("It is in the lists again, and can be billed."),
        gettext_lazy("Restore"),
    )

    def act(self, client: Client) -> HttpResponse:
        """Restore the client."""
        restore_client(actor=self.actor, client=client, at=timezone.now())
        messages.success(self.request, _("%(name)s is back in the lists.") % {"name": client.name})
        return redirect("clients:client_detail", client.pk)


class ClientDelete(ClientAct):
    """Delete a client for good, or archive it when it was billed."""

    question = Question(
        gettext_lazy("Delete this client?"),
        gettext_lazy("Nothing was ever written for it. It is gone for good."),
        gettext_lazy("Delete"),
        danger=True,
    )
    refusal = Question(
        gettext_lazy("This client cannot be deleted"),
        gettext_lazy(
            "It has invoices, and they must stay whole. Archive it: it leaves the lists, and comes back when you like."
        ),
        gettext_lazy("Archive"),
    )

    def question_about(self, client: Client) -> Question:
        """Return the question, or what is possible instead for a client with invoices."""
        return self.question if is_unused(client) else self.refusal

    def act(self, client: Client) -> HttpResponse:
        """Delete the client."""
        if delete_client(actor=self.actor, client=client, at=timezone.now()):
            messages.success(self.request, _("%(name)s is deleted.") % {"name": client.name})
            return redirect("clients:client_list")
        undo = reverse("clients:client_restore", args=[client.pk])
        sentence = _("%(name)s has invoices, so it was archived.") % {"name": client.name}
        messages.info(self.request, sentence, extra_tags=undo)
        return redirect("clients:client_detail", client.pk)
