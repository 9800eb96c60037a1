"""The settings' page of members: who belongs to the business, who is invited, and what may be done with them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView

from accounts.choices import Permission, Role
from accounts.errors import Conflict, RateLimited
from accounts.models import Invitation, Membership
from accounts.services import businesses, invitations
from accounts.tenancy import PERMISSIONS, require
from accounts.web.base import ServiceFormMixin
from accounts.web.settings import SettingsMixin

ROLE_WORDS = {
    Role.OWNER: gettext_lazy("Does everything, and may hand over or delete the business."),
    Role.ADMIN: gettext_lazy("Manages the business, its members and API keys."),
    Role.MEMBER: gettext_lazy("Writes, issues and sends invoices."),
    Role.VIEWER: gettext_lazy("Reads everything and changes nothing."),
}


class InviteForm(forms.Form):
    """Who is to join, and as what."""

    use_required_attribute = False

    email = forms.CharField(
        label=gettext_lazy("Email address"),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "dir": "ltr"}),
    )
    role = forms.CharField(label=gettext_lazy("Role"), required=False, widget=forms.Select(), initial=Role.MEMBER)

    def __init__(self, *args: Any, roles: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["role"].widget.choices = roles


def as_number(text: str | None) -> int:
    """Return a number from a form, or one that no row has."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 16 else 0


class Members(SettingsMixin, ServiceFormMixin, FormView[InviteForm]):
    """Who belongs to the business and in which role, and who is invited."""

    section = "accounts:settings_members"
    template_name = "accounts/settings_members.html"
    form_class = InviteForm
    success_url = reverse_lazy("accounts:settings_members")

    @property
    def manages(self) -> bool:
        """Whether this person may invite, change roles and send away."""
        return self.actor.may(self.business.pk, Permission.MANAGE)

    def memberships(self) -> QuerySet[Membership]:
        """Return the memberships of the current business."""
        return Membership.objects.filter(business=self.business).select_related("user").order_by("created_at", "pk")

    def invited(self) -> QuerySet[Invitation]:
        """Return the invitations that have no answer yet, newest first, for those who manage the business."""
        rows = Invitation.objects.for_actor(self.actor).filter(business=self.business)
        rows = rows.filter(accepted_at=None, revoked_at=None).order_by("-sent_at", "pk")
        return rows if self.manages else rows.none()

    def roles(self) -> list[tuple[str, str]]:
        """Return the roles that this person may give."""
        own = self.actor.roles[self.business.pk]
        return [(role.value, str(role.label)) for role in Role if PERMISSIONS[role] <= PERMISSIONS[own]]

    def get_form_kwargs(self) -> dict[str, Any]:
        """Give the form the roles."""
        return super().get_form_kwargs() | {"roles": self.roles()}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the members and the invited, and what may be done with them."""
        at, asked = timezone.now(), self.request.GET
        memberships = list(self.memberships())
        may_give = {role for role, _label in self.roles()}
        owners = [row for row in memberships if row.role == Role.OWNER]
        for row in memberships:
            row.is_last_owner = owners == [row]  # type: ignore[attr-defined]  # for the page
            row.may_be_changed = (  # type: ignore[attr-defined]  # likewise
                self.manages and row.role in may_give and owners != [row]
            )
        return super().get_context_data(**kwargs) | {
            "memberships": memberships,
            "invited": [(row, row.status(at)) for row in self.invited()],
            "asked": self.memberships().filter(pk=as_number(asked.get("remove"))).first(),
            "asked_invitation": self.invited().filter(pk=asked.get("revoke", "")[:40].replace("\0", "")).first(),
            "roles": self.roles(),
            "role_words": [(role.label, words) for role, words in ROLE_WORDS.items()],
            "actor_id": self.actor.user_id,
            "manages": self.manages,
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Invite, send again, withdraw, give another role or end a membership."""
        if "invite" in request.POST:
            return super().post(request, *args, **kwargs)
        if "resend" in request.POST:
            return self.resend(request.POST["resend"])
        if "revoke" in request.POST:
            return self.revoke(request.POST["revoke"])
        return self.change_membership(request)

    def save(self, form: forms.Form) -> None:
        """Invite somebody."""
        try:
            row = invitations.invite(
                actor=self.actor, business=self.business, at=timezone.now(),
                email=form.cleaned_data["email"], role=form.cleaned_data["role"],
            )  # fmt: skip
        except RateLimited as refused:
            sentence = _("Many invitations went out in the last hour. Try again later.")
            raise Conflict(sentence, errors={"email": [sentence]}) from refused
        messages.success(self.request, _("The invitation to %(address)s is on its way.") % {"address": row.email})

    def chosen(self, pk: str) -> Invitation:
        """Return an invitation that has no answer yet, for whoever manages the business."""
        require(self.actor, self.business, Permission.MANAGE)
        return get_object_or_404(self.invited(), pk=pk)

    def resend(self, pk: str) -> HttpResponse:
        """Send an invitation again."""
        invitation = self.chosen(pk)
        try:
            invitations.resend_invitation(actor=self.actor, invitation=invitation, at=timezone.now())
        except RateLimited:
            messages.warning(
                self.request,
                _("%(address)s was mailed often enough in the last hour. Try again later.")
                % {"address": invitation.email},
            )
        else:
            sentence = _("The invitation to %(address)s is on its way. The old link no longer works.")
            messages.success(self.request, sentence % {"address": invitation.email})
        return redirect("accounts:settings_members")

    def revoke(self, pk: str) -> HttpResponse:
        """Withdraw an invitation."""
        invitation = self.chosen(pk)
        invitations.revoke_invitation(actor=self.actor, invitation=invitation, at=timezone.now())
        messages.success(self.request, _("The invitation to %(address)s is withdrawn.") % {"address": invitation.email})
        return redirect("accounts:settings_members")

    def change_membership(self, request: HttpRequest) -> HttpResponse:
        """Give a member another role, or end the membership."""
        chosen = request.POST.get("remove") or request.POST.get("membership")
        membership = get_object_or_404(self.memberships(), pk=as_number(chosen))
        common: dict[str, Any] = {"actor": self.actor, "membership": membership, "at": timezone.now()}
        if "remove" in request.POST:
            businesses.remove_member(**common)
            if membership.user_id == self.actor.user_id:
                return redirect("home")
        else:
            businesses.change_role(role=request.POST.get("role", ""), **common)
        messages.success(request, _("Saved."))
        return redirect("accounts:settings_members")
