"""`ports.ApiExports` over boto3: GetExport of a stage, which is the snapshot that it serves.

Source: https://docs.aws.amazon.com/apigateway/latest/api/API_GetExport.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from accountsctl.adapters.aws.errors import translated
from accountsctl.adapters.aws.session import Session


class AwsApiExports:
    """Exports of the session's region."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def export(self, api: str, stage: str) -> Mapping[str, Any]:
        """A stage's snapshot; CloudError where API Gateway refuses."""
        with translated(f"export the API {api}"):
            return export(self._session.client("apigateway"), api, stage)


def export(client: Any, api: str, stage: str) -> Mapping[str, Any]:
    """A stage's snapshot as OpenAPI 3.0 with API Gateway's extensions."""
    told = client.get_export(
        restApiId=api,
        stageName=stage,
        exportType="oas30",
        parameters={"extensions": "apigateway"},
        accepts="application/json",
    )
    read: Mapping[str, Any] = json.loads(told["body"].read())
    return read
