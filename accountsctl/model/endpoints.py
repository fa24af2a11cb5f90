"""What answers HTTP in a project's stacks: stages of REST and HTTP APIs, and function URLs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class HttpEndpointKind(StrEnum):
    """How a request is answered."""

    REST = "REST API"
    HTTP = "HTTP API"
    URL = "function URL"


@dataclass(frozen=True)
class EndpointRoute:
    """A route of an HTTP API: ``ANY`` and ``$default`` for what takes any method or path.

    `authorization` is API Gateway's AuthorizationType: NONE, JWT, AWS_IAM or CUSTOM.
    """

    method: str
    path: str
    authorization: str


@dataclass(frozen=True)
class HttpEndpoint:
    """One of them, as it is deployed.

    `resource` is the project's resource whose stack holds it (``api/orders``), `logical_id` its name in that stack's
    template. `id` is the API's, or the first part of a function URL's host; `name` is what CloudWatch's metrics name it
    by: the REST API's name, the HTTP API's id, the function's name. `stage` is empty for a function URL. `auth` is a
    function URL's AuthType. `url` is without a slash at its end, as this machine calls it.
    """

    kind: HttpEndpointKind
    resource: str
    logical_id: str
    id: str
    name: str
    url: str
    stage: str = ""
    auth: str = ""

    @property
    def label(self) -> str:
        """How ``call --api`` names it, whatever else its stack holds."""
        return self.resource if self.resource.startswith("api/") else f"{self.resource}#{self.logical_id}"

    @property
    def title(self) -> str:
        """How a sentence names it."""
        if self.kind is HttpEndpointKind.URL:
            return f"{self.resource} (function URL {self.logical_id})"
        return f"{self.resource} (stage {self.stage})"
