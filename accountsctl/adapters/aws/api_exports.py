"""`ports.ApiExports` over boto3: GetExport of a stage, which is the snapshot that it serves.

Source: https://docs.aws.amazon.com/apigateway/latest/api/API_GetExport.html
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from accountsctl.adapters.aws.clients import service_client
from accountsctl.adapters.aws.errors import translated
from accountsctl.adapters.aws.session import Session
from accountsctl.ports.api_exports import OpenApiDocument

if TYPE_CHECKING:
    from mypy_boto3_apigateway import APIGatewayClient


class AwsApiExports:
    """Exports of the session's region."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def export(self, api: str, stage: str) -> OpenApiDocument:
        """A stage's snapshot; CloudError if API Gateway refuses."""
        with translated(f"export the API {api}"):
            return export(service_client(self._session, "apigateway"), api, stage)


def export(client: APIGatewayClient, api: str, stage: str) -> OpenApiDocument:
    """A stage's snapshot as OpenAPI 3.0 with API Gateway's extensions."""
    response = client.get_export(
        restApiId=api,
        stageName=stage,
        exportType="oas30",
        parameters={"extensions": "apigateway"},
        accepts="application/json",
    )
    document: OpenApiDocument = json.loads(response["body"].read())
    return document
