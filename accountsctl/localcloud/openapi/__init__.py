"""OpenAPI documents with API Gateway's extensions, read into its own resources and written from them."""

from accountsctl.localcloud.openapi.definition import ApiDefinition
from accountsctl.localcloud.openapi.document import OpenApiError, parse
from accountsctl.localcloud.openapi.reading import read

__all__ = ["ApiDefinition", "OpenApiError", "parse", "read"]
