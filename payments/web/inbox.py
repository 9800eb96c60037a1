"""The secret address of a business, where third parties may send anything by any method."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from accounts.errors import RateLimited
from accounts.models import Business
from payments.services.inbox import MOST_BYTES, keep_message


@csrf_exempt
@never_cache
def inbox(request: HttpRequest, token: str) -> HttpResponse:
    """Keep what came. Whoever has the address is whom the business gave it to."""
    business_id = Business.objects.filter(inbox_token=token, archived_at=None).values_list("pk", flat=True).first()
    if business_id is None:
        raise Http404
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES or len(request.body) > MOST_BYTES:
        return JsonResponse({"detail": f"At most {MOST_BYTES} bytes are kept.", "code": "too_large"}, status=413)
    try:
        message = keep_message(
            business_id=business_id,
            method=request.method or "",
            query=request.META.get("QUERY_STRING", ""),
            headers=request.headers,
            body=request.body,
            ip=request.META.get("REMOTE_ADDR") or None,
            at=timezone.now(),
        )
    except RateLimited as refusal:
        wait = str(refusal.extra.get("retry_after", 60))
        body = {"detail": str(refusal.detail), "code": refusal.machine_code}
        return JsonResponse(body, status=429, headers={"Retry-After": wait})
    return JsonResponse({"id": message.pk})
