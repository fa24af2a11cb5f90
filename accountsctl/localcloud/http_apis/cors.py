"""CORS by the configuration of an HTTP API or a function URL: the service answers, whatever the function says.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html#urls-cors
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from accountsctl.localcloud.contracts.messages import Request, Response
from accountsctl.localcloud.contracts.policy_documents import matches_pattern

PREFIX = "access-control-"


@dataclass(frozen=True)
class CorsRules:
    """What pages of which origins may do; `max_age` in seconds."""

    origins: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    exposed: tuple[str, ...] = ()
    credentials: bool = False
    max_age: int | None = None

    @classmethod
    def of(cls, config: Mapping[str, Any]) -> CorsRules:
        """The rules of a configuration of either service, whose members begin in upper or lower case."""
        found = {name.lower(): value for name, value in config.items()}
        age = found.get("maxage")
        return cls(
            origins=tuple(found.get("alloworigins") or ()),
            methods=tuple(found.get("allowmethods") or ()),
            headers=tuple(found.get("allowheaders") or ()),
            exposed=tuple(found.get("exposeheaders") or ()),
            credentials=bool(found.get("allowcredentials")),
            max_age=None if age is None else int(age),
        )

    def preflight(self, request: Request, status: int) -> Response:
        """The response to a preflight; without the headers if the origin is not allowed."""
        origin = self._origin(request)
        if origin is None:
            return Response(status)
        allowed = {
            "Access-Control-Allow-Methods": ",".join(self.methods),
            "Access-Control-Allow-Headers": ",".join(self.headers),
            "Access-Control-Max-Age": "" if self.max_age is None else str(self.max_age),
        }
        headers = [(name, value) for name, value in allowed.items() if value]
        return Response(status, (*self._common(origin), *headers))

    def applied(self, request: Request, response: Response) -> Response:
        """The response with the headers of this configuration, and none of the function's."""
        kept = tuple(pair for pair in response.headers if not pair[0].lower().startswith(PREFIX))
        origin = self._origin(request)
        if origin is None:
            return replace(response, headers=kept)
        exposed = (("Access-Control-Expose-Headers", ",".join(self.exposed)),) if self.exposed else ()
        return replace(response, headers=(*kept, *self._common(origin), *exposed))

    def _common(self, origin: str) -> tuple[tuple[str, str], ...]:
        credentials = (("Access-Control-Allow-Credentials", "true"),) if self.credentials else ()
        vary = () if origin == "*" else (("Vary", "Origin"),)
        return (("Access-Control-Allow-Origin", origin), *credentials, *vary)

    def _origin(self, request: Request) -> str | None:
        """What Access-Control-Allow-Origin says; None if the request's origin may not read the response."""
        origin = request.header("Origin")
        if origin is None or not any(matches_pattern(origin, pattern) for pattern in self.origins):
            return None
        return "*" if "*" in self.origins and not self.credentials else origin


def with_cors(
    config: Mapping[str, Any] | None, request: Request, preflight_status: int, answer: Callable[[], Response]
) -> Response:
    """The service's response under its configuration, None if it has none: `answer` is not called for a preflight."""
    if config is None:
        return answer()
    rules = CorsRules.of(config)
    if is_preflight(request):
        return rules.preflight(request, preflight_status)
    return rules.applied(request, answer())


def is_preflight(request: Request) -> bool:
    """Whether a browser asks if it may send a request."""
    return (
        request.method == "OPTIONS"
        and request.header("Origin") is not None
        and request.header("Access-Control-Request-Method") is not None
    )
