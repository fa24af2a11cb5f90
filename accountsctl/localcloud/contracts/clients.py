"""boto3 clients for the cloud's own use: the same calls as from outside, without the socket in between.

CloudFormation's providers and the gateway call the services through these. Their access key is
`INTERNAL`, which marks the caller as a part of the embedded cloud.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from accountsctl.localcloud.contracts.dispatch import INTERNAL
from accountsctl.localcloud.contracts.messages import Handler, Request

if TYPE_CHECKING:
    from botocore.awsrequest import AWSPreparedRequest, AWSResponse

Hook = Callable[..., "AWSResponse"]
"""botocore's hook ``before-send``: takes ``request`` by keyword."""

WARM: tuple[tuple[str, Callable[[Any], Any]], ...] = (
    ("s3", lambda c: c.list_buckets()),
    ("iam", lambda c: c.list_roles()),
    ("logs", lambda c: c.describe_log_groups()),
    ("lambda", lambda c: c.list_functions()),
    ("apigateway", lambda c: c.get_rest_apis()),
    ("ec2", lambda c: c.describe_vpcs()),
    ("rds", lambda c: c.describe_db_clusters()),
    ("secretsmanager", lambda c: c.list_secrets()),
    ("cognito-idp", lambda c: c.list_user_pools(MaxResults=1)),
)


class Clients:
    """Returns a client of a service in a region; each is created once. boto3 clients may be shared by threads."""

    def __init__(self, handler: Handler, endpoint: str) -> None:
        self._handler = handler
        self._endpoint = endpoint
        self._clients: dict[tuple[str, str], Any] = {}
        self._lock = threading.Lock()
        self._session: Any = None  # a boto3.Session: the type of its clients depends on a literal name

    def __call__(self, service: str, region: str) -> Any:
        with self._lock:
            if (service, region) not in self._clients:
                self._clients[service, region] = self._create(service, region)
            return self._clients[service, region]

    def warm(self, region: str) -> None:
        """Make the first real call of each service quick: its model is loaded and its routes are built."""
        for service, read in WARM:
            read(self(service, region))

    def _create(self, service: str, region: str) -> Any:
        import boto3
        from botocore.config import Config

        if self._session is None:
            self._session = boto3.Session(aws_access_key_id=INTERNAL, aws_secret_access_key="internal")  # noqa: S106
        config = Config(
            retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}, parameter_validation=True
        )
        client = self._session.client(service, region_name=region, endpoint_url=self._endpoint, config=config)
        client.meta.events.register_first("before-send.*", answered_by(self._handler))
        return client


def answered_by(handler: Handler) -> Hook:
    """A before-send hook: botocore uses the response that it returns, and sends nothing."""

    def send(request: AWSPreparedRequest, **_: object) -> AWSResponse:
        from botocore.awsrequest import AWSResponse, HeadersDict
        from urllib3.response import HTTPResponse

        url = urlsplit(request.url)
        headers = [(name, _text(value)) for name, value in request.headers.items()]
        sent = Request(
            request.method, url.path or "/", url.query, (("Host", url.netloc), *headers), _body(request)
        )
        response = handler(sent)
        head: Any = HeadersDict(dict(response.headers))
        raw = HTTPResponse(
            io.BytesIO(response.body), dict(response.headers), response.status, preload_content=False
        )
        return AWSResponse(request.url, response.status, head, raw)

    return send


def _text(value: object) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _body(request: AWSPreparedRequest) -> bytes:
    body = request.body
    if body is None:
        return b""
    if hasattr(body, "read"):
        body = body.read()
    return body.encode() if isinstance(body, str) else bytes(body)
