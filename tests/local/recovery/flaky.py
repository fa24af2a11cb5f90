"""A network of which every fifth call goes wrong, and the SDK's own retries without their waits."""

from __future__ import annotations

import random
from collections.abc import Callable
from enum import Enum, auto
from typing import Any

from botocore.awsrequest import AWSResponse
from botocore.exceptions import ConnectionClosedError, EndpointConnectionError
from botocore.retries import standard

from accountsctl.adapters.aws.cut_off import retry_cut_off_responses
from accountsctl.adapters.aws.session import CALLS
from tests.local.cloudformation.conftest import RawBody
from tests.local.recovery.faults import URL, FaultPlan


class NetworkFault(Enum):
    """The last three: the call was done."""

    THROTTLED = auto()
    UNAVAILABLE = auto()
    DROPPED = auto()
    LOST = auto()
    BROKEN = auto()
    CUT_OFF = auto()


class AtOnce(standard.BaseRetryBackoff):
    """A backoff that does not wait."""

    def delay_amount(self, context: object) -> float:
        return 0.0


class FlakyNetwork(FaultPlan):
    """Faults by a seed: of `rate` of all attempts, each kind as often as the others."""

    def __init__(self, seed: int, rate: float = 0.2) -> None:
        super().__init__()
        self._random = random.Random(seed)
        self._rate = rate

    def prepare(self, service: str, client: Any) -> None:
        """Retries as the product configures them."""
        name = client.meta.service_model.service_id.hyphenize()
        client.meta.events.unregister(f"needs-retry.{name}", unique_id=f"retry-config-{name}")
        handler: Any = standard.register_retry_handler(client, CALLS["*"]["retries"]["total_max_attempts"])
        handler._retry_policy._retry_backoff = AtOnce()
        retry_cut_off_responses(client.meta.events)

    def send(self, operation: str, call: Callable[[], AWSResponse]) -> AWSResponse:
        self.calls.append(operation)
        if self._random.random() >= self._rate:
            return call()
        match self._random.choice(list(NetworkFault)):
            case NetworkFault.THROTTLED:
                return refused(400, "Throttling")
            case NetworkFault.UNAVAILABLE:
                return refused(503, "ServiceUnavailable")
            case NetworkFault.DROPPED:
                raise EndpointConnectionError(endpoint_url=URL)
            case NetworkFault.LOST:
                call()
                raise ConnectionClosedError(endpoint_url=URL)
            case NetworkFault.BROKEN:
                call()
                return refused(500, "InternalFailure")
            case NetworkFault.CUT_OFF:
                whole = call()
                body = whole.content
                headers: Any = {}
                return AWSResponse(whole.url, whole.status_code, headers, RawBody(body[: len(body) // 2]))


def refused(status: int, code: str) -> AWSResponse:
    """An error of the query protocol."""
    body = f"<ErrorResponse><Error><Code>{code}</Code><Message>no</Message></Error></ErrorResponse>"
    headers: Any = {}
    return AWSResponse(URL, status, headers, RawBody(body.encode()))
