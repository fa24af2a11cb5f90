"""Lambda: the adapter of `ports.FunctionCaller`."""

from __future__ import annotations

import base64

from accountsctl.adapters.aws.clients import service_client
from accountsctl.adapters.aws.errors import translated
from accountsctl.adapters.aws.session import Session
from accountsctl.ports.functions import InvokedFunction


class Lambda:
    """`ports.FunctionCaller` over boto3."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def invoke(self, function: str, event: bytes) -> InvokedFunction:
        """https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html"""
        with translated(f"invoke {function}"):
            response = service_client(self._session, "lambda").invoke(
                FunctionName=function, Payload=event, LogType="Tail"
            )
            payload = response["Payload"].read().decode("utf-8", "replace")
        log = base64.b64decode(response.get("LogResult", "")).decode("utf-8", "replace")
        return InvokedFunction(payload, "FunctionError" in response, log)
