"""What Lambda refuses of a call for what is, or is not, in the account: the role and its rights, subnets, revisions."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from accountsctl.localcloud.contracts.lookups import ACCOUNT
from accountsctl.localcloud.moto_services import signers
from accountsctl.localcloud.moto_services.apps import backends
from accountsctl.localcloud.moto_services.lambda_calls.configuration import check_configuration
from accountsctl.localcloud.moto_services.lambda_calls.operations import (
    LambdaCall,
    check_revision,
    invalid,
)

PRINCIPAL = re.compile(
    r"\*|\d{12}|([a-z0-9-]+\.)+amazonaws\.com(\.cn)?|[a-z0-9.-]+\.(amazon|aws)\.(com|internal)"
    r"|arn:aws[a-z-]*:(iam|sts)::(\d{12}|cloudfront):\S+"
)
"""A service, an account, or an ARN of IAM or STS."""


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
        check_revision(call, str(function.__dict__.get("revision_id", "")))


def _publish(call: LambdaCall) -> None:
    _function_revision(call)
    function, expected = call.function, call.input.get("CodeSha256")
    if function is not None and expected not in (None, "", function.code_sha_256):
        text = (
            f"CodeSHA256 ({expected}) is different from current CodeSHA256 in $LATEST ({function.code_sha_256})."
            " Please try again with the CodeSHA256 in $LATEST."
        )
        raise invalid(text)


def _add_permission(call: LambdaCall) -> None:
    if not PRINCIPAL.fullmatch(call.input["Principal"]):
        raise invalid("The provided principal was invalid. Please check the principal and try again.")


def _mapping(call: LambdaCall) -> None:
    """The queue of a mapping must be there, if the function may read it: otherwise Lambda reports the right."""
    arn, function = str(call.input.get("EventSourceArn", "")), call.function
    if not arn.startswith("arn:aws:sqs:") or function is None or arn.count(":") != 5:
        return
    region, name = arn.split(":")[3], arn.rpartition(":")[2]
    readable = signers.role_permits(function.role, "sqs:ReceiveMessage", arn) is not False
    if readable and name not in backends("sqs")[ACCOUNT][region].queues:
        raise invalid(
            "Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. SQS"
            " Error Message: The specified queue does not exist."
        )


_CHECKS: Mapping[str, Callable[[LambdaCall], None]] = {
    "AddPermission": _add_permission,
    "CreateEventSourceMapping": _mapping,
    "CreateFunction": _create,
    "PublishVersion": _publish,
    "UpdateFunctionCode": _function_revision,
    "UpdateFunctionConfiguration": _configure,
}
