"""Everything here that answers HTTP, each once."""

from __future__ import annotations

from typing import Protocol

from accountsctl.localcloud.contracts.lookups import Invoker
from accountsctl.localcloud.contracts.requests import RequestRecorder
from accountsctl.localcloud.http_apis.function_urls import FunctionUrlService, UrlLookups
from accountsctl.localcloud.http_apis.service import ApiLookups, HttpApiService


class HttpLookups(UrlLookups, ApiLookups, Protocol):
    """Finds function URLs and HTTP APIs."""


class HttpEndpoints:
    """The URLs of functions, and HTTP APIs."""

    def __init__(
        self, lookups: HttpLookups, invoker: Invoker, recorder: RequestRecorder | None = None
    ) -> None:
        self.function_urls = FunctionUrlService(lookups, invoker, recorder=recorder)
        self.http_apis = HttpApiService(lookups, invoker, recorder=recorder)
