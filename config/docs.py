"""The API's description, and two ways to read it: Swagger UI at ``/docs``, Redoc at ``/redoc``."""

from __future__ import annotations

from csp.decorators import csp_update
from drf_spectacular.renderers import (
    OpenApiJsonRenderer,
    OpenApiJsonRenderer2,
    OpenApiYamlRenderer,
    OpenApiYamlRenderer2,
)
from drf_spectacular.views import SpectacularAPIView, SpectacularRedocView, SpectacularSwaggerSplitView
from rest_framework.permissions import AllowAny

schema = SpectacularAPIView.as_view(
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
