"""The application's addresses, and some where things go wrong."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.core.exceptions import ValidationError as ModelValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from rest_framework import exceptions as drf
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import errors as accounts
from accounts.api.base import ApiView
from config import urls
from invoicing import errors as invoicing

CASES: dict[str, Exception] = {
    "conflict": accounts.Conflict("It is so already."),
    "limited": accounts.RateLimited(retry_after=7),
    "stranger": accounts.WrongCredentials(),
    "impossible": invoicing.ImpossibleMove("It is paid.", possible=["refund"]),
    "fields": invoicing.InvalidInvoice(errors={"items[0].quantity": ["Too small."]}),
    "missing": Http404("what is not told"),
    "denied": PermissionDenied("Not here."),
    "model": ModelValidationError({"name": ["Too long."]}),
    "large": RequestDataTooBig(),
    "throttled": drf.Throttled(wait=12),
    "parse": drf.ParseError(),
    "failure": RuntimeError("sk_live_inside"),
}


class Item(serializers.Serializer[object]):
    quantity = serializers.IntegerField(min_value=1)
    name = serializers.CharField()


class Order(serializers.Serializer[object]):
    client = Item()
    items = Item(many=True, allow_empty=False)
    tags = serializers.ListField(child=serializers.CharField(max_length=3), required=False)
    notes = serializers.DictField(child=serializers.CharField(max_length=3), required=False)


class Wrong(APIView):
    permission_classes = [AllowAny]

    def get(self, request: Request, case: str) -> Response:
        raise CASES[case]

    def post(self, request: Request, case: str) -> Response:
        Order(data=request.data).is_valid(raise_exception=True)
        return Response({})


class Broken(ApiView):
    authentication_classes = ()
    permission_classes = [AllowAny]

    def get(self, request: Request) -> Response:
        raise CASES["failure"]


class Closed(APIView):
    def get(self, request: Request) -> Response:
        return Response({})


def wrong(request: HttpRequest, case: str) -> HttpResponse:
    raise CASES[case]


def seen(request: HttpRequest, **_parts: str) -> JsonResponse:
    return JsonResponse(
        {
            "address": request.META["REMOTE_ADDR"],
            "client_ip": request.client_ip,  # type: ignore[attr-defined]  # RequestIdMiddleware gives it
            "secure": request.is_secure(),
            "language": request.LANGUAGE_CODE,
        }
    )


urlpatterns = [
    path("api/v1/wrong/<case>", Wrong.as_view()),
    path("api/v1/broken", Broken.as_view()),
    path("api/v1/closed", Closed.as_view()),
    path("wrong/<case>", wrong),
    path("seen", seen),
    path("open/<token>", seen),
    *urls.urlpatterns,
]
handler400, handler403 = urls.handler400, urls.handler403
handler404, handler500 = urls.handler404, urls.handler500
