"""The API's description, and two ways to read it: Swagger UI at ``/docs``, Redoc at ``/redoc``."""

from __future__ import annotations

from typing import Any

from csp.decorators import csp_update
from drf_spectacular.renderers import (
    OpenApiJsonRenderer,
    OpenApiJsonRenderer2,
    OpenApiYamlRenderer,
    OpenApiYamlRenderer2,
)
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

# Redoc writes its styles into the page and searches in a worker of its own making; nowhere else is that allowed.
redoc = csp_update({"style-src": ["'self'", "'unsafe-inline'"], "worker-src": ["'self'", "blob:"]})(
    SpectacularRedocView.as_view(
        url_name="schema",
        template_name="docs/redoc.html",
        permission_classes=[AllowAny],
        authentication_classes=[],
    )
)
