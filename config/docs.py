"""The API's description, and two ways to read it: Swagger UI at ``/docs``, Redoc at ``/redoc``."""

from __future__ import annotations

import gzip
import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from csp.decorators import csp_update
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe
from drf_spectacular.renderers import (
    OpenApiJsonRenderer,
    OpenApiJsonRenderer2,
    OpenApiYamlRenderer,
    OpenApiYamlRenderer2,
)
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularRedocView, SpectacularSwaggerSplitView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import tell_usage
from accounts.authentication import client_ip
from accounts.ratelimits import Usage, address_key, count_request, refuse


class SchemaView(SpectacularAPIView):
    """The description itself: open to all, and counted like any call, for making it takes a while."""

    usage: Usage | None = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Count the request. Raises ``RateLimited``."""
        super().initial(request, *args, **kwargs)
        self.usage = count_request(address_key(client_ip(request)))
        refuse(self.usage)

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        """Add the headers of the rate limit."""
        response = super().finalize_response(request, response, *args, **kwargs)
        tell_usage(response, self.usage)
        return response


schema = SchemaView.as_view(
    # JSON where the caller does not mind; YAML on request.
    renderer_classes=[OpenApiJsonRenderer2, OpenApiJsonRenderer, OpenApiYamlRenderer, OpenApiYamlRenderer2],
    permission_classes=[AllowAny],
    authentication_classes=[],
)

swagger = SpectacularSwaggerSplitView.as_view(
    url_name="schema",
    template_name="docs/swagger.html",
    permission_classes=[AllowAny],
    authentication_classes=[],
)

REDOC: Final = "drf_spectacular_sidecar/redoc/bundles/redoc.standalone.js"
EMBLEM: Final = b"https://cdn.redoc.ly/redoc/logo-mini.svg"  # Redoc would fetch it from there
NO_PICTURE: Final = b"data:image/svg+xml,%3Csvg xmlns=%22http://www.w3.org/2000/svg%22/%3E"


@lru_cache(maxsize=1)
def redoc_script_files() -> tuple[str, bytes, bytes]:
    """Return Redoc without its emblem: its version, its text, and that compressed."""
    found = finders.find(REDOC)
    if not isinstance(found, str):
        raise FileNotFoundError(REDOC)
    script = Path(found).read_bytes().replace(EMBLEM, NO_PICTURE)
    return hashlib.sha256(script).hexdigest()[:12], script, gzip.compress(script, mtime=0)


@require_safe
def redoc_script(request: HttpRequest) -> HttpResponse:
    """Serve Redoc's script, to be kept for a year under the address that names its version."""
    _version, script, compressed = redoc_script_files()
    takes_gzip = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(compressed if takes_gzip else script, content_type="text/javascript; charset=utf-8")
    if takes_gzip:
        response["Content-Encoding"] = "gzip"
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


class RedocView(SpectacularRedocView):
    """Redoc, from our script."""

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Show the page."""
        response: Response = super().get(request, *args, **kwargs)  # type: ignore[no-untyped-call]  # the package's
        response.data["redoc_version"] = redoc_script_files()[0]
        return response


# Redoc writes its styles into the page and searches in a worker of its own making; nowhere else is that allowed.
redoc = csp_update({"style-src": ["'self'", "'unsafe-inline'"], "worker-src": ["'self'", "blob:"]})(
    RedocView.as_view(
        url_name="schema",
        template_name="docs/redoc.html",
        permission_classes=[AllowAny],
        authentication_classes=[],
    )
)
