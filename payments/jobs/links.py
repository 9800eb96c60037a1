"""Closing at the gateway what shall be paid no more."""

from __future__ import annotations

from django.utils import timezone

from accounts.queue import Lease, PermanentError
from payments.choices import RequestKind
from payments.errors import NotConfigured
from payments.gateways.base import PermanentFailure
from payments.models import LinkChange
from payments.queries import stale_requests
from payments.services.accounts import same_till
from payments.services.requests import close

MOST = 200  # at one look


def tell_gateway(row: LinkChange, lease: Lease) -> None:
    """Close one request at the gateway that made it; closed twice, it is closed."""
    request = row.request
    try:
        gateway = same_till(request.business, is_own=request.own_account).gateway
        if request.kind == RequestKind.LINK:
            gateway.close_link(str(request.external_id))
        else:
            gateway.close_checkout(str(request.external_id))
    except (PermanentFailure, NotConfigured) as failure:
        raise PermanentError(str(failure)) from failure
    with lease.finish():
        pass


def close_stale() -> int:
    """Close what no longer asks for what is due. Return how many. Called at every sweep."""
    found = list(stale_requests(at=timezone.now())[:MOST])
    for request in found:
        close(request, reason="stale")
    return len(found)
