"""OpenAPI documents with API Gateway's extensions, read into its own resources and written from them."""

from .document import OpenApiError, parse
from .reading import read

__all__ = ["OpenApiError", "parse", "read"]
