"""What Lambda refuses of a call for what is, or is not, in the account: the role and its rights, subnets, revisions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from accountsctl.localcloud.contracts.lookups import ACCOUNT
from accountsctl.localcloud.contracts.resource_policies import permits
from accountsctl.localcloud.moto_services import signers
from accountsctl.localcloud.moto_services.apps import backends
from accountsctl.localcloud.moto_services.lambda_calls.configuration import check_configuration
from accountsctl.localcloud.moto_services.lambda_calls.operations import LambdaCall, LambdaFault, invalid
from accountsctl.localcloud.moto_services.lambda_calls.roles import SENDS, may_send

PRINCIPAL = re.compile(
    r"\*|\d{12}|([a-z0-9-]+\.)+amazonaws\.com(\.cn)?|[a-z0-9.-]+\.(amazon|aws)\.(com|internal)"
    r"|arn:aws[a-z-]*:(iam|sts)::(\d{12}|cloudfront):\S+"
)
"""A service, an account, or an ARN of IAM or STS."""
ACCOUNT_CONCURRENCY = 1000
LEAST_UNRESERVED = 100
"""https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html"""


def check(call: LambdaCall) -> None:
    """Raise LambdaFault for a call that Lambda refuses. The input fits the model."""
    found = _CHECKS.get(call.name)
    if found is not None:
        found(call)


def _create(call: LambdaCall) -> None:
    if call.input.get("PackageType", "Zip") == "Zip" and not (
        call.input.get("Runtime") and call.input.get("Handler")
    ):
        text = "Runtime and Handler are mandatory parameters for functions created with deployment packages."
        raise invalid(text)
    check_configuration(call)


def _configure(call: LambdaCall) -> None:
    _function_revision(call)
    check_configuration(call)


def _function_revision(call: LambdaCall) -> None:
    """A RevisionId must be that of the function."""
    function = call.function
    if function is not None:
        _revision(call, str(function.__dict__.get("revision_id", "")), "GetFunction/GetAlias")


def _revision(call: LambdaCall, current: str, reader: str) -> None:
    if call.input.get("RevisionId") not in (None, "", current):
        text = (
            "The Revision Id provided does not match the latest Revision Id. Call the"
            f" {reader} API to retrieve the latest Revision Id"
        )
        raise LambdaFault("PreconditionFailedException", text, 412)


def _publish(call: LambdaCall) -> None:
    _function_revision(call)
    function, expected = call.function, call.input.get("CodeSha256")
    if function is not None and expected not in (None, "", function.code_sha_256):
        text = (
            f"CodeSHA256 ({expected}) is different from current CodeSHA256 in $LATEST ({function.code_sha_256})."
            " Please try again with the CodeSHA256 in $LATEST."
        )
        raise invalid(text)


def _alias(call: LambdaCall) -> None:
    function = call.function
    if function is None:
        return
    aliases = call.backend._lambdas._get_function_aliases(function.function_name)
    alias = aliases.get(call.input["Name"])
    if call.name == "UpdateAlias" and alias is not None:
        _revision(call, str(alias.revision_id), "GetFunction/GetAlias")
    weights = (call.input.get("RoutingConfig") or {}).get("AdditionalVersionWeights") or {}
    if len(weights) > 1:
        raise invalid("Number of items in AdditionalVersionWeights cannot be greater than 1")
    for version, weight in weights.items():
        if not 0 <= float(weight) <= 1:
            text = f"Value '{weight}' at 'routingConfig' failed to satisfy constraint: Member must be between 0 and 1"
            raise LambdaFault("ValidationException", f"1 validation error detected: {text}")
        if version == call.input.get("FunctionVersion", alias and alias.function_version):
            raise invalid(
                f"Invalid function version {version}. Function version {version} is already included in routing"
                " configuration."
            )


def _add_permission(call: LambdaCall) -> None:
    function = call.function
    if function is None:
        return
    _revision(call, str(function.policy.revision), "GetPolicy")
    sid = call.input["StatementId"]
    # moto keeps the statements of all qualifiers together; Lambda has a policy for each.
    taken = [statement for statement in function.policy.statements if statement.get("Sid") == sid]
    if any(_qualifier(statement.get("Resource", "")) == _requested(call) for statement in taken):
        text = (
            f"The statement id ({sid}) provided already exists. Please provide a new statement id, or remove the"
            " existing statement."
        )
        raise LambdaFault("ResourceConflictException", text, 409)
    if not PRINCIPAL.fullmatch(call.input["Principal"]):
        raise invalid("The provided principal was invalid. Please check the principal and try again.")


def _requested(call: LambdaCall) -> str:
    named = str(call.input["FunctionName"]).rpartition("function:")[2].partition(":")[2]
    return str(call.input.get("Qualifier") or named)


def _qualifier(resource: str) -> str:
    return resource.split(":")[7] if resource.count(":") > 6 else ""


def _remove_permission(call: LambdaCall) -> None:
    if call.function is not None:
        _revision(call, str(call.function.policy.revision), "GetPolicy")


def _reserve(call: LambdaCall) -> None:
    """The account keeps some concurrency for functions that reserve none."""
    reserved = call.input["ReservedConcurrentExecutions"]
    others = sum(
        function.reserved_concurrency or 0
        for function in call.backend.list_functions()
        if call.function is None or function.function_name != call.function.function_name
    )
    if reserved and reserved + others > ACCOUNT_CONCURRENCY - LEAST_UNRESERVED:
        text = (
            "Specified ReservedConcurrentExecutions for function decreases account's"
            f" UnreservedConcurrentExecution below its minimum value of [{LEAST_UNRESERVED}]."
        )
        raise invalid(text)


def _asynchronous(call: LambdaCall) -> None:
    names = ("MaximumRetryAttempts", "MaximumEventAgeInSeconds", "DestinationConfig")
    if all(call.input.get(name) is None for name in names):
        raise invalid("You must specify at least one of error handling or destination setting.")
    function = call.function
    for arn in _destinations(call.input.get("DestinationConfig") or {}):
        service = arn.split(":")[2] if arn.count(":") >= 5 else ""
        if service not in SENDS:
            raise invalid(f"The provided destination {arn} is invalid.")
        if function is not None and function.function_arn == arn:
            raise invalid("You can't specify the function as a destination for itself.")
        if function is not None and not may_send(function.role, arn):
            text = (
                f"The function's execution role does not have permissions to call {SENDS[service]} on {arn}"
            )
            raise invalid(text)


def _destinations(config: Mapping[str, Any]) -> Iterator[str]:
    for end in ("OnSuccess", "OnFailure"):
        if arn := (config.get(end) or {}).get("Destination"):
            yield str(arn)


def _mapping(call: LambdaCall) -> None:
    """The queue of a mapping must be there, if the function may read it: otherwise Lambda reports the right."""
    arn, function = str(call.input.get("EventSourceArn", "")), call.function
    if not arn.startswith("arn:aws:sqs:") or function is None or arn.count(":") != 5:
        return
    policies = signers.role_policies(function.role)
    region, name = arn.split(":")[3], arn.rpartition(":")[2]
    readable = policies is None or permits(policies, "sqs:ReceiveMessage", arn)
    if readable and name not in backends("sqs")[ACCOUNT][region].queues:
        raise invalid(
            "Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. SQS"
            " Error Message: The specified queue does not exist."
        )


_CHECKS: Mapping[str, Callable[[LambdaCall], None]] = {
    "AddPermission": _add_permission,
    "CreateAlias": _alias,
    "CreateEventSourceMapping": _mapping,
    "CreateFunction": _create,
    "PublishVersion": _publish,
    "PutFunctionConcurrency": _reserve,
    "PutFunctionEventInvokeConfig": _asynchronous,
    "RemovePermission": _remove_permission,
    "UpdateAlias": _alias,
    "UpdateFunctionCode": _function_revision,
    "UpdateFunctionConfiguration": _configure,
    "UpdateFunctionEventInvokeConfig": _asynchronous,
}
