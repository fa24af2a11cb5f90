"""What a resource provider is: the four verbs that the engine knows of a resource type.

A provider speaks to the embedded cloud's own service APIs through boto3, with the calls that AWS's
handlers make, so it would work against any endpoint. It holds no state: everything that it must
remember is the physical id and the attributes that it returned.

What the engine does, a provider must not: evaluate intrinsics, check properties against the
resource schema, decide between update and replacement, honour DeletionPolicy, order anything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Protocol, overload

if TYPE_CHECKING:
    from mypy_boto3_apigateway import APIGatewayClient
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient
    from mypy_boto3_ec2 import EC2Client
    from mypy_boto3_iam import IAMClient
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_logs import CloudWatchLogsClient
    from mypy_boto3_rds import RDSClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_ssm import SSMClient

Properties = Mapping[str, Any]
"""A resource's properties, or a nested object of them: their schema has been checked before a provider runs."""

Parameters = dict[str, Any]
"""The keyword arguments of one boto3 call."""


class Clients(Protocol):
    """A boto3 client of the stack's region, by the service's name in boto3."""

    @overload
    def __call__(self, service: Literal["apigateway"], /) -> APIGatewayClient: ...
    @overload
    def __call__(self, service: Literal["cognito-idp"], /) -> CognitoIdentityProviderClient: ...
    @overload
    def __call__(self, service: Literal["ec2"], /) -> EC2Client: ...
    @overload
    def __call__(self, service: Literal["iam"], /) -> IAMClient: ...
    @overload
    def __call__(self, service: Literal["kms"], /) -> KMSClient: ...
    @overload
    def __call__(self, service: Literal["lambda"], /) -> LambdaClient: ...
    @overload
    def __call__(self, service: Literal["logs"], /) -> CloudWatchLogsClient: ...
    @overload
    def __call__(self, service: Literal["rds"], /) -> RDSClient: ...
    @overload
    def __call__(self, service: Literal["s3"], /) -> S3Client: ...
    @overload
    def __call__(self, service: Literal["secretsmanager"], /) -> SecretsManagerClient: ...
    @overload
    def __call__(self, service: Literal["ssm"], /) -> SSMClient: ...
    @overload
    def __call__(self, service: str, /) -> Any: ...


@dataclass(frozen=True)
class Context:
    """Where a resource stands, and the way to the services.

    `client("rds")` gives a boto3 client of the stack's region. `name(limit)` gives the physical name
    that CloudFormation would make: ``<stack>-<logical id>-<12 random characters>``, stable for one
    call of the provider, at most `limit` characters; the caller lowers it where the service asks.
    `tags` are the stack's, `old_tags` those it had when the resource was last brought to its template.
    `rollback` is True for an update that undoes another; `is_given_up` is whether the operation was cancelled, or has
    taken too long.
    """

    client: Clients
    stack_name: str
    stack_id: str
    logical_id: str
    region: str
    account: str
    partition: str
    token: str
    tags: Mapping[str, str] = field(default_factory=dict)
    old_tags: Mapping[str, str] = field(default_factory=dict)
    resource_type: str = ""
    rollback: bool = False
    is_given_up: Callable[[], bool] = lambda: False

    def name(self, limit: int = 64) -> str:
        """A name as CloudFormation makes them; the random end survives the cut, the stack's name gives."""
        tail = f"-{self.logical_id}-{self.token}"
        if len(tail) >= limit:
            return f"{self.logical_id[: limit - 13]}-{self.token}"
        return f"{self.stack_name[: limit - len(tail)]}{tail}"


@dataclass(frozen=True)
class ProvidedResource:
    """What exists now: `Ref` is the physical id, `Fn::GetAtt` reads `attributes` (dotted names as keys)."""

    physical_id: str
    attributes: Mapping[str, Any] = field(default_factory=dict)
    no_echo: bool = False
    """Whether no answer may show the attributes."""


class ProviderError(Exception):
    """A refusal that a service's API did not make itself, in the handler's own words.

    `code` is the HandlerErrorCode that CloudFormation prints: InvalidRequest, AlreadyExists, NotFound,
    NotStabilized, GeneralServiceException, ResourceConflict, ServiceLimitExceeded; None if CloudFormation itself
    refuses, so that no handler is named. `left_behind` is the physical id of what a creation that failed has made
    all the same: the rollback deletes it.
    """

    def __init__(
        self, message: str, code: str | None = "InvalidRequest", left_behind: str | None = None
    ) -> None:
        super().__init__(message)
        self.code = code
        self.left_behind = left_behind


class Provider(Protocol):
    """One resource type. Errors of boto3 pass through: the engine words them as CloudFormation does."""

    def create(self, context: Context, properties: Properties) -> ProvidedResource:
        """Create it. If that fails half-way, undo what was created before raising."""

    def update(
        self, context: Context, physical_id: str, old: Properties, new: Properties
    ) -> ProvidedResource:
        """Change it in place to `new`; called only for properties that are not create-only."""

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        """Delete it; succeeds if it is already gone."""
