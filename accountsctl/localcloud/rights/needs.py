"""Which actions a call needs, and on which resources: what IAM asks of the policies of a caller.

The names of actions are those of the operations, apart from the exceptions below. A resource is known for the services
that functions call most; where it is None, a policy has to allow the action on any resource at all.

https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote

from accountsctl.localcloud.contracts.dispatch import ServiceTarget
from accountsctl.localcloud.contracts.lookups import ACCOUNT, PARTITION
from accountsctl.localcloud.contracts.messages import Request
from accountsctl.localcloud.moto_services.calls import operation
from accountsctl.localcloud.moto_services.public_calls import PUBLIC
from accountsctl.localcloud.rights import lambda_needs, s3_needs
from accountsctl.localcloud.rights.need import NO_RESOURCE, Need

PREFIXES = {"monitoring": "cloudwatch", "apigatewayv2": "apigateway", "dynamodbstreams": "dynamodb"}
"""The services whose actions begin with another word than their signatures."""
SINGLE = {
    "SendMessageBatch": "SendMessage",
    "DeleteMessageBatch": "DeleteMessage",
    "ChangeMessageVisibilityBatch": "ChangeMessageVisibility",
    "PublishBatch": "Publish",
}
FREE = {("sts", "GetCallerIdentity"), ("sts", "GetSessionToken")}
DATA_API = {
    "/Execute": "ExecuteStatement",
    "/BatchExecute": "BatchExecuteStatement",
    "/BeginTransaction": "BeginTransaction",
    "/CommitTransaction": "CommitTransaction",
    "/RollbackTransaction": "RollbackTransaction",
}
WITHOUT_RESOURCE = frozenset(
    {
        "cloudwatch:GetMetricData",
        "cloudwatch:ListMetrics",
        "cloudwatch:PutMetricData",
        "cognito-idp:ListUserPools",
        "dynamodb:ListTables",
        "kms:CreateKey",
        "kms:GenerateRandom",
        "kms:ListAliases",
        "kms:ListKeys",
        "secretsmanager:GetRandomPassword",
        "secretsmanager:ListSecrets",
        "sns:ListTopics",
        "sqs:ListQueues",
    }
)
"""The actions without a resource of the services whose resources are known here."""
TRANSACTED = {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "Get": "GetItem"}
Input = Mapping[str, Any]


@dataclass(frozen=True)
class ServiceCall:
    """A call of an operation. `input`: its members as the client sent them, for query services as text."""

    service: str
    operation: str
    region: str
    input: Input

    def arn(self, resource: str, service: str | None = None) -> str:
        """The ARN of something of this account in this region."""
        return f"arn:{PARTITION}:{service or self.service}:{self.region}:{ACCOUNT}:{resource}"


def needs(request: Request, where: ServiceTarget, secret_arn: Callable[[str, str], str]) -> list[Need]:
    """What a policy must allow for the call. `secret_arn` finds the ARN of a secret by its name, in a region."""
    match where.scope:
        case "s3":
            return s3_needs.needs(request)
        case "lambda":
            return lambda_needs.needs(request, where.region)
        case "rds-data":
            return _data_api(request)
        case "apigateway" | "apigatewayv2":
            return [_api_gateway(request, where.region)]
    name = operation(request)
    public = where.scope == "cognito-identity" or (where.scope == "cognito-idp" and name in PUBLIC)
    if public or (where.scope, name) in FREE:
        return []
    called = ServiceCall(where.scope, name, where.region, _input(request))
    if called.input.get("SecretId") and where.scope == "secretsmanager":
        secret = called.input["SecretId"]
        return [Need(f"secretsmanager:{name}", secret_arn(str(secret), where.region))]
    action = f"{PREFIXES.get(where.scope, where.scope)}:{SINGLE.get(name, name)}"
    if name == "TransactWriteItems" or name == "TransactGetItems":
        return list(_transacted(called))
    if action in WITHOUT_RESOURCE:
        return [Need(action, NO_RESOURCE)]
    return [Need(action, resource) for resource in _resources(called)]


def _api_gateway(request: Request, region: str) -> Need:
    """The method on the path, which ARNs have without the version of the API.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonapigatewaymanagement.html
    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonapigatewaymanagementv2.html
    """
    path = unquote(request.path.removeprefix("/v2"))
    return Need(f"apigateway:{request.method}", f"arn:{PARTITION}:apigateway:{region}::{path}")


def _data_api(request: Request) -> list[Need]:
    """The cluster's own right, and that to read the secret: the Data API reads it in the caller's name.

    https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/data-api.access.html
    """
    given = _input(request)
    cluster, secret = given.get("resourceArn"), given.get("secretArn")
    found = [Need(f"rds-data:{DATA_API.get(request.path, 'ExecuteSql')}", _text(cluster))]
    return [*found, Need("secretsmanager:GetSecretValue", _text(secret))] if secret else found


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _input(request: Request) -> Input:
    """The members of a call; none of a body that its service will refuse to read."""
    if (request.header("Content-Type") or "").startswith("application/x-www-form-urlencoded"):
        return dict(parse_qsl(request.body.decode("latin-1")))
    try:
        read = request.json
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}


def _resources(called: ServiceCall) -> Sequence[str | None]:
    """The resources that a call names; [None] if it names none, or we do not know where."""
    find = _FINDERS.get(called.service)
    return (find(called) if find else None) or [None]


def _transacted(called: ServiceCall) -> Iterator[Need]:
    """https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html"""
    for item in called.input.get("TransactItems") or []:
        for kind, content in item.items():
            action = TRANSACTED.get(kind, "ConditionCheckItem")
            yield Need(f"dynamodb:{action}", _table(called, content.get("TableName")))


def _table(called: ServiceCall, name: object) -> str | None:
    if not isinstance(name, str):
        return None
    return name if name.startswith("arn:") else called.arn(f"table/{name}")


def _tables(called: ServiceCall) -> Sequence[str | None]:
    names = [called.input.get("TableName"), *(called.input.get("RequestItems") or {})]
    index = called.input.get("IndexName")
    tables = [_table(called, name) for name in names if name]
    return [f"{table}/index/{index}" for table in tables] if index else tables


def _queue(called: ServiceCall) -> Sequence[str | None]:
    url, name = called.input.get("QueueUrl"), called.input.get("QueueName")
    return [called.arn(str(url).rpartition("/")[2] if url else str(name))] if url or name else []


def _topic(called: ServiceCall) -> Sequence[str | None]:
    arn = called.input.get("TopicArn") or called.input.get("TargetArn")
    name = called.input.get("Name")
    return [str(arn)] if arn else [called.arn(str(name))] if name else []


def _parameters(called: ServiceCall) -> Sequence[str | None]:
    given = [called.input.get("Name"), called.input.get("Path"), *(called.input.get("Names") or [])]
    texts = [str(name) for name in given if name]
    return [
        name if name.startswith("arn:") else called.arn(f"parameter/{name.lstrip('/')}") for name in texts
    ]


def _buses(called: ServiceCall) -> Sequence[str | None]:
    """A bus has a name or an ARN; without one it is that of the account."""
    if called.operation != "PutEvents":
        return []
    names = {str(entry.get("EventBusName") or "default") for entry in called.input.get("Entries") or []}
    return [name if name.startswith("arn:") else called.arn(f"event-bus/{name}") for name in sorted(names)]


def _log_group(called: ServiceCall) -> Sequence[str | None]:
    name = called.input.get("logGroupName")
    stream = called.input.get("logStreamName")
    return [called.arn(f"log-group:{name}:{f'log-stream:{stream}' if stream else '*'}")] if name else []


def _key(called: ServiceCall) -> Sequence[str | None]:
    """An alias stands for a key that a policy may name; which one is not looked up."""
    key = str(called.input.get("KeyId") or "")
    if key.startswith("arn:") and ":alias/" not in key:
        return [key]
    return [called.arn(f"key/{key}")] if key and "alias/" not in key else []


def _member(*names: str) -> Callable[[ServiceCall], Sequence[str | None]]:
    """The ARN is one of these members."""

    def find(called: ServiceCall) -> Sequence[str | None]:
        return [str(called.input[name]) for name in names if called.input.get(name)][:1]

    return find


def _pool(called: ServiceCall) -> Sequence[str | None]:
    pool = called.input.get("UserPoolId")
    return [called.arn(f"userpool/{pool}")] if pool else []


def _secret(called: ServiceCall) -> Sequence[str | None]:
    """Of CreateSecret; the other calls name a secret that exists."""
    name = called.input.get("Name")
    return [called.arn(f"secret:{name}")] if name else []


_FINDERS: Mapping[str, Callable[[ServiceCall], Sequence[str | None]]] = {
    "cognito-idp": _pool,
    "dynamodb": _tables,
    "events": _buses,
    "kms": _key,
    "logs": _log_group,
    "secretsmanager": _secret,
    "sns": _topic,
    "sqs": _queue,
    "ssm": _parameters,
    "states": _member("stateMachineArn", "executionArn"),
    "sts": _member("RoleArn"),
}
