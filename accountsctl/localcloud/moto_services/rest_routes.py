"""The paths of a service's REST operations, by botocore's model of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote

from accountsctl.localcloud.contracts.messages import Request

if TYPE_CHECKING:
    from botocore.model import OperationModel, ServiceModel


@dataclass(frozen=True)
class RestRoute:
    """Where one operation is called. `query`: the parameters that tell it from another one of the same path."""

    verb: str
    pattern: re.Pattern[str]
    query: str
    model: OperationModel

    def path_of(self, request: Request) -> dict[str, str] | None:
        """The parameters in a request's path, decoded; None if its verb or its path is another one."""
        found = self.pattern.fullmatch(request.path) if self.verb == request.method else None
        return None if found is None else {name: unquote(value) for name, value in found.groupdict().items()}

    def takes(self, query: dict[str, list[str]]) -> bool:
        """Whether a query has what tells this operation from another one."""
        return all(query.get(name) == values for name, values in parse_qs(self.query).items())


@cache
def rest_routes(service: str) -> tuple[RestRoute, ...]:
    """The routes of a service, those with a query of their own first."""
    model = service_model(service)
    routes = [_route(model.operation_model(name)) for name in model.operation_names]
    return tuple(sorted(routes, key=lambda route: not route.query))


def _route(model: OperationModel) -> RestRoute:
    http: Any = model.http
    uri, _, query = http["requestUri"].partition("?")
    pattern = re.sub(r"\{(\w+)\+\}", r"(?P<\1>.+)", uri)  # keys of S3 have slashes
    pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", pattern)
    # Some clients leave the slashes of an ARN in the path of its tags as they are.
    pattern = re.sub(r"\(\?P<(resource_arn|Resource)>\[\^/\]\+\)", r"(?P<\1>.+)", pattern)
    return RestRoute(http["method"], re.compile(pattern.rstrip("/") + "/?"), query, model)


def service_model(name: str) -> ServiceModel:
    """botocore's model of a service, which is read again with each call."""
    import botocore.session

    return botocore.session.get_session().get_service_model(name)
