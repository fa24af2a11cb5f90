"""Who a request is about: the cluster behind its resourceArn, the login behind its secretArn."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from typing import Any

from accountsctl.localcloud.contracts.lookups import Cluster, Lookups
from accountsctl.localcloud.rds_data.connections import Login
from accountsctl.localcloud.rds_data.errors import DataApiError

_ENGINE = "aurora-postgresql"
# What an Aurora cluster can be called while its writer answers.
_SERVING = {
    "available",
    "backing-up",
    "maintenance",
    "modifying",
    "resetting-master-credentials",
    "storage-optimization",
    "upgrading",
}
_HELP = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/data-api.html#data-api.troubleshooting"


class Resources:
    """Looks clusters and secrets up, and refuses what the Data API does not serve."""

    def __init__(self, lookups: Lookups, clock: Callable[[], float]) -> None:
        self._lookups = lookups
        self._clock = clock
        self._asleep: dict[str, float] = {}  # paused clusters: how long they take to wake
        self._waking: dict[str, float] = {}  # clusters that were called: when they will answer
        self._lock = threading.Lock()

    def pause(self, arn: str, seconds: float) -> None:
        with self._lock:
            self._asleep[arn] = seconds
            self._waking.pop(arn, None)

    def cluster(self, body: Mapping[str, Any], region: str, *, wakes: bool = True) -> Cluster:
        """The cluster, if it has the Data API on and a writer that serves."""
        arn = body["resourceArn"]
        found = self._lookups.cluster(arn)
        if found is None or found.region != region or not found.http_endpoint_enabled:
            name = arn.rsplit(":", 1)[-1]
            raise DataApiError(
                "HttpEndpointNotEnabledException",
                f"HttpEndpoint is not enabled for cluster {name}. Please refer to {_HELP}",
            )
        if found.engine != _ENGINE:
            raise DataApiError("BadRequestException", f"The engine {found.engine} isn't supported.")
        if found.status not in _SERVING:
            raise DataApiError(
                "InvalidResourceStateException",
                f"DB cluster {found.identifier} is not in an available state: it is {found.status}.",
            )
        if not found.has_instance:
            raise DataApiError(
                "DatabaseNotFoundException", f"The DB cluster {found.identifier} doesn't have a DB instance."
            )
        if wakes:
            self._wake(found)
        return found

    def login(self, body: Mapping[str, Any], region: str) -> Login:
        """The secret's user and password, and the database to connect to."""
        text = self._lookups.secret(body["secretArn"], region)
        if text is None:
            raise DataApiError(
                "SecretsErrorException",
                "There was a problem with the Secrets Manager secret used with the request: "
                "the secret provided wasn't found.",
            )
        user, password = _credentials(text)
        return Login(user, password, body.get("database") or user)

    def _wake(self, cluster: Cluster) -> None:
        with self._lock:
            if cluster.arn in self._asleep:
                self._waking[cluster.arn] = self._clock() + self._asleep.pop(cluster.arn)
            ready = self._waking.get(cluster.arn)
            if ready is None:
                return
            if self._clock() >= ready:
                del self._waking[cluster.arn]
                return
        raise DataApiError(
            "DatabaseResumingException",
            f"The Aurora DB instance {cluster.arn} is resuming after being auto-paused. "
            "Please wait a few seconds and try again.",
        )


def _credentials(text: str) -> tuple[str, str]:
    try:
        secret = json.loads(text)
    except ValueError:
        secret = None
    if isinstance(secret, dict):
        user, password = secret.get("username"), secret.get("password")
        if isinstance(user, str) and isinstance(password, str) and user:
            return user, password
    raise DataApiError(
        "InvalidSecretException",
        "The Secrets Manager secret used with the request isn't valid: "
        "it must be JSON with a username and a password.",
    )
