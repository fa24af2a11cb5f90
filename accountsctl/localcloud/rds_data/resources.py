"""Who a request is about: the cluster behind its resourceArn, the login behind its secretArn."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from functools import lru_cache

from accountsctl.localcloud.contracts.lookups import Cluster, Lookups
from accountsctl.localcloud.rds_data.connecting import Login
from accountsctl.localcloud.rds_data.errors import DataApiError
from accountsctl.localcloud.rds_data.requests import Body

_ENGINE = "aurora-postgresql"
# The statuses of an Aurora cluster whose writer responds.
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
    """Finds clusters and secrets, and refuses those that the Data API does not serve."""

    def __init__(self, lookups: Lookups, clock: Callable[[], float]) -> None:
        self._lookups = lookups
        self._clock = clock
        self._asleep: dict[str, float] = {}  # paused clusters: the seconds that they take to resume
        self._waking: dict[str, float] = {}  # clusters that were called: when they will respond
        self._lock = threading.Lock()

    def pause(self, arn: str, seconds: float) -> None:
        with self._lock:
            self._asleep[arn] = seconds
            self._waking.pop(arn, None)

    def cluster(self, body: Body, region: str, *, wakes: bool = True) -> Cluster:
        """The cluster, if it has the Data API on and a writer that serves."""
        arn = body["resourceArn"]
        cluster = self._lookups.cluster(arn)
        if cluster is None or cluster.region != region or not cluster.http_endpoint_enabled:
            name = arn.rsplit(":", 1)[-1]
            raise DataApiError(
                "HttpEndpointNotEnabledException",
                f"HttpEndpoint is not enabled for cluster {name}. Please refer to {_HELP}",
            )
        if cluster.engine != _ENGINE:
            raise DataApiError("BadRequestException", f"The engine {cluster.engine} isn't supported.")
        if cluster.status not in _SERVING:
            raise DataApiError(
                "InvalidResourceStateException",
                f"DB cluster {cluster.identifier} is not in an available state: it is {cluster.status}.",
            )
        if not cluster.has_instance:
            raise DataApiError(
                "DatabaseNotFoundException",
                f"The DB cluster {cluster.identifier} doesn't have a DB instance.",
            )
        if wakes:
            self._wake(cluster)
        return cluster

    def login(self, body: Body, region: str) -> Login:
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


@lru_cache(maxsize=64)
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
