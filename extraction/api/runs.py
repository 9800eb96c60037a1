"""Direct extraction, runs, usage and models in the API."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.auth import answered
from accounts.api.base import ApiViewSet, JSONParser, version_of
from accounts.api.outside import idempotent_outside
from accounts.api.schema import query
from accounts.choices import Permission
from accounts.errors import Invalid
from accounts.schema import FieldError
from accounts.storage import download
from extraction.api import examples, representation
from extraction.api.serializers import (
    DirectFormSerializer,
    DirectSerializer,
    ExtractionSerializer,
    ExtractionUsageSerializer,
    ModelsSerializer,
    OrderedSerializer,
)
from extraction.api.uploads import MOST_JSON, check_body, from_base64, main_file
from extraction.filters import ExtractionFilter
from extraction.models import Extraction
from extraction.queries import prices_on, usage
from extraction.schema import clean_day
from extraction.services.runs import clean_order
from extraction.services.uploads import upload_document
from extraction.services.waiting import LONGEST, ended_in_time

DIRECT = OpenApiExample(
    "A file in base64",
    value={"pdf_base64": "JVBERi0xLjcK…", "pdf_name": "invoice.pdf", "engine": "auto"},
    media_type="application/json",
    request_only=True,
)
WAIT = query("wait", f"Seconds to wait for the result, up to {LONGEST}; where it is there in time, it is the answer.")
FROM, TO = query("from", "The first day; left out, the first of this month."), query("to", "The last day; today.")
ORDER_NAMES = ("engine", "model", "mode")


@extend_schema_view(
    list=extend_schema(summary="List extractions", examples=[answered(examples.RUN)]),
    retrieve=extend_schema(summary="Read an extraction", examples=[answered(examples.RUN)]),
)
@extend_schema(tags=["Extractions"])
class ExtractionViewSet(ApiViewSet):
    """``/extractions``: documents that were read, the newest run first."""

    queryset = Extraction.objects.select_related("document", "verified_by")
    serializer_class = ExtractionSerializer
    filterset_class = ExtractionFilter
    parser_classes = (JSONParser, MultiPartParser)
    max_body = MOST_JSON
    lookup_url_kwarg = "extraction_id"
    lookup_field = "pk"
    ordering_fields: ClassVar[Mapping[str, str]] = {"created_at": "created_at"}
    parameters: ClassVar[Mapping[str, Any]] = {
        "create": {"wait", "business_id"},
        "usage_of_business": {"from", "to", "business_id"},
    }
    required: ClassVar[Mapping[str, str | None]] = {"usage_of_business": Permission.READ, "models_on_offer": None}
    order_key = ""

    def known_fields(self) -> tuple[str, ...]:
        """Return the names that ``fields=`` knows."""
        named = {
            "file": (),
            "usage_of_business": tuple(ExtractionUsageSerializer().fields),
            "models_on_offer": ("models",),
        }
        return named.get(self.act, tuple(super().known_fields()))

    def represent(self, row: Any) -> Mapping[str, Any]:
        """Return a run as the API shows it."""
        return representation.run(row)

    def row_version(self, row: Any) -> int:
        """Return a number that changes with the run."""
        return version_of(row.version, row.state)

    @extend_schema(
        summary="Read a file",
        description="It makes a document, so that what was read can be verified like any other. With `wait` the "
        "answer is a 201 with the result where that is there in time, else a 202.",
        request={"application/json": DirectSerializer, "multipart/form-data": DirectFormSerializer},
        parameters=[WAIT],
        responses={201: ExtractionSerializer, 202: OrderedSerializer},
        examples=[DIRECT, answered(examples.RUN, 201), answered(examples.ORDERED, 202)],
    )
    @idempotent_outside
    def create(self, request: Request) -> Response:
        """Keep a file and have it read."""
        check_body(request)
        seconds = self.seconds_to_wait()
        business, at = self.get_business(), timezone.now()
        if request.FILES:
            data, file = self.body(DirectFormSerializer), main_file(request)
        else:
            data = self.body(DirectSerializer)
            file = from_base64(data)
        order = clean_order({name: data[name] for name in ORDER_NAMES if name in data}, at=at)
        document = upload_document(
            actor=self.actor, business=business, file=file, data={}, order=order, at=at, order_key=self.order_key
        )
        run_id = str(document.latest_id)
        is_ended = bool(seconds) and ended_in_time(run_id, seconds)
        run = self.get_queryset().get(pk=run_id)
        location = {"Location": reverse("extraction-detail", args=[run_id])}
        if is_ended:
            return Response(self.represent(run), status=201, headers=location)
        return Response(representation.ordered(run), status=202, headers=location)

    def seconds_to_wait(self) -> int:
        """Return ``wait``. Raises ``Invalid``."""
        text = self.request.query_params.get("wait", "0")
        if not text.isascii() or not text.isdigit() or int(text[:9]) > LONGEST:
            raise Invalid(errors={"wait": [_("A whole number up to %(limit)d is needed here.") % {"limit": LONGEST}]})
        return int(text)

    @extend_schema(summary="Download the file", responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    def file(self, request: Request, extraction_id: str) -> HttpResponse:
        """Answer with the PDF that was read."""
        document = self.object.document
        return download(document.file_key, document.file_name, content_type="application/pdf")

    @extend_schema(
        summary="Read what extraction was used for and what it cost",
        description="Calls to engines, also those that failed, in days of the business's time zone.",
        parameters=[FROM, TO],
        responses={200: ExtractionUsageSerializer},
        filters=False,
        examples=[answered(examples.USAGE)],
    )
    def usage_of_business(self, request: Request) -> Response:
        """Answer with calls, tokens, price and time."""
        business = self.get_business(Permission.READ)
        zone = ZoneInfo(business.timezone)
        today = timezone.now().astimezone(zone).date()
        last = self.day("to") or today
        first = self.day("from") or last.replace(day=1)
        if first > last:
            raise Invalid(errors={"from": [_("This lies after the last day.")]})
        since, until = (datetime.combine(day, time(), zone) for day in (first, last + timedelta(days=1)))
        found = usage(business_id=business.pk, since=since, until=until)
        return Response(self.sparse({"from": first, "to": last, **found}))

    def day(self, name: str) -> date | None:
        """Return a day of the query. Raises ``Invalid``."""
        try:
            return clean_day(self.request.query_params.get(name))
        except FieldError as error:
            raise Invalid(errors={name: [str(error)]}) from None

    @extend_schema(
        summary="List the models on offer",
        description="With their prices in USD for a million tokens, as valid today.",
        responses={200: ModelsSerializer},
        filters=False,
        examples=[answered({"models": [examples.MODEL]})],
    )
    def models_on_offer(self, request: Request) -> Response:
        """Answer with models and prices."""
        rows = prices_on(timezone.now().date())
        return Response(self.sparse({"models": [representation.price(row) for row in rows]}))
