"""A small API over mails, to show what the base does for every view, and its addresses."""

from __future__ import annotations

import threading
from typing import Any

from django.db.models.functions import Length
from django.urls import include, path, re_path
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from accounts.api.base import ApiView, ApiViewSet, UnknownAddress, idempotent
from accounts.errors import Conflict, LostUpdate, RateLimited
from accounts.identifiers import new_token
from accounts.models import Delivery

COLUMNS = ("id", "subject", "text", "sent_at", "created_at", "attempts")

#: Lets a test hold a request while another one comes.
hold = threading.Event()
entered = threading.Event()


class ThingSerializer(serializers.Serializer[Any]):
    id = serializers.CharField(read_only=True)
    subject = serializers.CharField(max_length=20)
    text = serializers.CharField(required=False)
    sent_at = serializers.DateTimeField(required=False)
    created_at = serializers.DateTimeField(read_only=True)
    attempts = serializers.IntegerField(required=False)


class NewThingSerializer(ThingSerializer):
    business_id = serializers.CharField(required=False, allow_null=True)


class ThingViewSet(ApiViewSet):
    """``attempts`` stands in for a version."""

    queryset = Delivery.objects.all()
    serializer_class = ThingSerializer
    ordering_fields = {
        "subject": "subject",
        "sent_at": "sent_at",
        "created_at": "created_at",
        "attempts": "attempts",
        "business": "business__name",
        "length": "length",
    }
    parameters = {"list": {"subject"}}

    def rows_of_business(self):
        rows = super().rows_of_business().annotate(length=Length("subject"))
        return rows.values("id", *(name for name in COLUMNS[1:] if self.wants(name)))

    def represent(self, row):
        return row if isinstance(row, dict) else {name: getattr(row, name) for name in COLUMNS}

    def row_version(self, row):
        return row.attempts

    @idempotent
    def create(self, request):
        business = self.get_business()
        values = {"text": "-"} | self.parse_body(NewThingSerializer)
        values.pop("business_id", None)
        thing = Delivery.objects.create(business=business, message_id=f"<{new_token()}@x>", **values)
        what_happens(thing.subject)
        return self.one(thing, status=201)

    def update(self, request, pk):
        values = self.parse_body(ThingSerializer)
        expected = self.expected_version()
        rows = Delivery.objects.filter(pk=pk, **({} if expected is None else {"attempts": expected}))
        if not rows.update(**values, attempts=self.object.attempts + 1):
            raise LostUpdate
        return self.one(Delivery.objects.get(pk=pk))

    def destroy(self, request, pk):
        self.expected_version()
        self.object.delete()
        return Response(status=204)


def what_happens(subject: str) -> None:
    """Do after the effect what the subject says."""
    if subject == "conflict":
        raise Conflict("It does not fit.")
    if subject == "limited":
        raise RateLimited(retry_after=7)
    if subject == "crash":
        raise ZeroDivisionError
    if subject == "slow":
        entered.set()
        hold.wait(timeout=20)


class UploadView(ApiView):
    """Takes files, once a key."""

    parser_classes = (MultiPartParser,)

    @idempotent
    def post(self, request):
        files = request.FILES.getlist("file")
        return Response({"sizes": [file.size for file in files], "first": [file.read(1).decode() for file in files]})


class EchoView(ApiView):
    """Answers with the body as it was understood."""

    def post(self, request):
        return Response({"got": request.data, "types": {k: type(v).__name__ for k, v in request.data.items()}})


router = SimpleRouter(trailing_slash=False)
router.register("things", ThingViewSet)
urlpatterns = [
    path("api/v1/", include(router.urls)),
    path("api/v1/echo", EchoView.as_view()),
    path("api/v1/upload", UploadView.as_view()),
    re_path("^api/", UnknownAddress.as_view()),
]
