"""The page of an invitation: who invites, and how to join. Whoever has the link may see it."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View

from accounts.choices import InvitationStatus
from accounts.errors import Conflict, Invalid, NotAllowed, NotFound
from accounts.models import Business, Invitation, Membership, User
from accounts.ratelimits import address_key, enforce
from accounts.services import invitations
from accounts.web.account_forms import page_language
from accounts.web.base import SESSION_BUSINESS
from accounts.web.forms import put_errors

GONE = 410  # RFC 9110, 15.5.11
UNPROCESSABLE = 422
FORBIDDEN = 403


class JoinForm(forms.Form):
    """What somebody without an account gives; the address is the invitation's."""

    full_name = forms.CharField(
        label=gettext_lazy("Your name"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
    )
    password = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "dir": "ltr"}),
    )


class InvitationPage(View):
    """Shows an invitation, and takes the answer."""

    invitation: Invitation | None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Find what the link opens; the page is nobody's to keep."""
        self.token = str(kwargs["token"])
        self.invitation = invitations.find_invitation(self.token)
        response = super().dispatch(request, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """Show it. Whoever accepted it already goes on into the business."""
        if self.invitation and self.has_joined():
            return self.into(self.invitation.business)
        return self.shown(JoinForm())

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        """Join: as who is signed in, or with a new account."""
        try:
            if isinstance(request.user, User):
                business = invitations.accept_invitation(user=request.user, token=token, at=timezone.now())
                sentence = _("You belong to %(business)s now.") % {"business": business.name}
                messages.success(request, sentence)
                return self.into(business)
            return self.sign_up(token)
        except (Conflict, NotAllowed, NotFound):
            # The page says what stands in the way.
            self.invitation = invitations.find_invitation(token)
            return self.shown(JoinForm())

    def sign_up(self, token: str) -> HttpResponse:
        """Make the account, sign in and join."""
        enforce("register", address_key(self.request.META.get("REMOTE_ADDR")))
        form = JoinForm(self.request.POST)
        if not form.is_valid():
            return self.shown(form, status=UNPROCESSABLE)
        try:
            user = invitations.sign_up_invited(
                token=token, language=page_language(), at=timezone.now(), **form.cleaned_data
            )  # fmt: skip
        except Invalid as refused:
            put_errors(form, refused)
            return self.shown(form, status=UNPROCESSABLE)
        answer: HttpResponse = perform_login(self.request, user, email_verification="none", signup=True)
        record_authentication(self.request, user, method="password")
        self.request.session[SESSION_BUSINESS] = user.default_business_id
        return answer

    def into(self, business: Business) -> HttpResponse:
        """Go on in the business."""
        self.request.session[SESSION_BUSINESS] = business.pk
        return redirect("home")

    def has_joined(self) -> bool:
        """Whether who is signed in accepted this invitation and still belongs to the business."""
        user, row = self.request.user, self.invitation
        if row is None or not isinstance(user, User) or row.accepted_by_id != user.pk:
            return False
        return Membership.objects.filter(user=user, business=row.business).exists()

    def shown(self, form: JoinForm, status: int = 200) -> HttpResponse:
        """Return the page: the offer, or why there is none."""
        row, user = self.invitation, self.request.user
        over = self.why_over()
        wrong = not over and isinstance(user, User) and row is not None and not invitations.is_for(row, user)
        context = {
            "invitation": None if over else row,
            "over": over,
            "wrong_address": wrong,
            "form": form,
            "own_address": getattr(user, "email", ""),
            "here": self.request.path,
            "login_url": f"{reverse('account_login')}?next={self.request.path}",
        }
        status = GONE if over else FORBIDDEN if wrong else status
        return render(self.request, "accounts/invitation.html", context, status=status)

    def why_over(self) -> str:
        """Return why nothing can be accepted by this link, or nothing where it can."""
        row = self.invitation
        if row is None or row.business.archived_at:
            return _("Perhaps a newer mail has another link: only the newest one works.")
        match row.status(timezone.now()):
            case InvitationStatus.ACCEPTED:
                return _("It was accepted already. Log in to go on.")
            case InvitationStatus.EXPIRED:
                return _("It was good for a week. Ask the person who invited you to send it again.")
            case InvitationStatus.REVOKED:
                return _("It was withdrawn. Ask the person who invited you.")
        return ""
