"""What one service of the embedded cloud reads of another: plain records, and the calls that return them.

On AWS these are internal calls between services (API Gateway reads a pool's keys, Lambda reads its
code, the Data API reads a cluster). Here `moto_services` implements them, on the same state that the public
APIs show.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

ACCOUNT = "123456789012"
PARTITION = "aws"

PolicyDocument = Mapping[str, Any]
"""An IAM policy document, or one of its statements, as the grammar of IAM's policy language defines it."""

KeySet = Mapping[str, Any]
"""A user pool's public keys: the content of its ``/.well-known/jwks.json`` (RFC 7517)."""


@dataclass(frozen=True)
class FunctionConfig:
    """A Lambda function's current configuration and code. `code` is the zip; `timeout` is in seconds."""

    arn: str
    name: str
    region: str
    runtime: str
    handler: str
    code: bytes
    code_sha256: str
    environment: Mapping[str, str]
    timeout: int
    memory: int
    log_group: str
    policy: PolicyDocument | None
    reserved: int | None = None
    """ReservedConcurrentExecutions; 0 stops the function."""
    version: str = "$LATEST"
    layers: tuple[bytes, ...] = ()
    """The zips of the layers, in the order in which they are unpacked into /opt."""
    role: str = ""
    """The ARN of its execution role."""
    invoked_arn: str = ""
    """The ARN by which the function was looked up: that of an alias, if it was one."""
    system_level: str = ""
    """From which level on Lambda's own lines are logged, as JSON; "" if they are text."""


@dataclass(frozen=True)
class CognitoIdentity:
    """An identity of an identity pool. `kind`: authenticated or unauthenticated.

    `provider`: ``<user pool>,<user pool>:CognitoSignIn:<sub>``, as API Gateway shows it; None for a guest.
    """

    pool_id: str
    identity_id: str
    kind: str
    provider: str | None


@dataclass(frozen=True)
class Signer:
    """Who signs with an access key. `policies` None: the account itself, which may do everything.

    `token` and `expires` (seconds since the epoch) are those of a session; `secret` and `token` are never shown.
    """

    secret: str
    arn: str
    id: str
    policies: tuple[PolicyDocument, ...] | None = None
    token: str | None = None
    expires: float | None = None
    identity: CognitoIdentity | None = None
    principal: str = ""
    """The ARN that policies name it by: of a session, its role's. Empty for the account itself."""
    boundary: PolicyDocument | None = None
    """The permissions boundary of the role: what `policies` allow counts only where it allows that too."""


@dataclass(frozen=True)
class Cluster:
    """An Aurora cluster as the Data API sees it. `master_password` never leaves the process."""

    arn: str
    identifier: str
    resource_id: str
    region: str
    engine: str
    status: str
    http_endpoint_enabled: bool
    has_instance: bool
    database: str | None
    master_username: str
    master_password: str


@dataclass(frozen=True)
class Invocation:
    """A function's response. `error` is None, or Lambda's X-Amz-Function-Error ("Unhandled", "Handled")."""

    payload: bytes
    error: str | None
    log_tail: bytes
    request_id: str


class Lookups(Protocol):
    """Read by the data planes; every call returns the state of this moment, and None if there is no such thing."""

    def function(self, name_or_arn: str, region: str) -> FunctionConfig | None: ...

    def cluster(self, arn: str) -> Cluster | None:
        """The cluster of exactly this ARN (RDS stores identifiers in lower case; an ARN is case-sensitive)."""

    def secret(self, arn_or_name: str, region: str) -> str | None:
        """The current SecretString."""

    def signer(self, access_key_id: str, token: str | None = None) -> Signer | None:
        """Who an access key id belongs to. `token`: the session token that came with it."""

    def jwks(self, user_pool_id: str) -> KeySet | None:
        """The pool's public keys."""

    def clusters(self) -> list[Cluster]: ...


class Invoker(Protocol):
    """Runs functions; what API Gateway and Lambda's own Invoke call."""

    def invoke(self, function: FunctionConfig, payload: bytes) -> Invocation: ...

    def held(self, function: FunctionConfig) -> bool:
        """Whether a debugger is connected to the function: no limit of time applies to it then."""
