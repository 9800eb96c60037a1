"""Pages over several apps, composed of each app's queries alone."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def home(request: HttpRequest) -> HttpResponse:
    """Show what a visitor finds first."""
    return render(request, "home.html")
