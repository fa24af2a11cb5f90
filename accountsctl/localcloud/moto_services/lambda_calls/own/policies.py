"""The policies of functions: one for a function, and one for each of its versions and aliases.

moto keeps the statements of all of them in one list, by their Resource.
https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from accountsctl.localcloud.contracts.identifiers import new_uuid
from accountsctl.localcloud.contracts.lookups import PARTITION
from accountsctl.localcloud.moto_services.apps import JsonObject
from accountsctl.localcloud.moto_services.lambda_calls.operations import (
    LambdaCall,
    LambdaFault,
    check_revision,
    conflict,
    missing,
)
from accountsctl.localcloud.moto_services.lambda_calls.own import names
from accountsctl.localcloud.moto_services.lambda_calls.own.configurations import revision

if TYPE_CHECKING:
    from moto.awslambda.models import LambdaAlias

    from accountsctl.localcloud.moto_services.functions import LambdaFunction

NO_POLICY = "No policy is associated with the given resource."


def add(call: LambdaCall) -> JsonObject:
    """AddPermission."""
    wanted = names.named(call)
    if wanted.qualifier == names.LATEST:
        raise LambdaFault(
            "InvalidParameterValueException", "We currently do not support adding policies for $LATEST."
        )
    owner = names.require_version_or_alias(call, wanted) if wanted.qualifier else names.latest(call)
    check_revision(call, _revision(owner))
    function = names.latest(call)
    refuse_taken(call, _statements(function, wanted))
    statement = _statement(call, wanted.qualified_arn)
    function.policy.statements.append(statement)
    _revise(owner)
    return {"Statement": json.dumps(statement)}


def get(call: LambdaCall) -> JsonObject:
    """GetPolicy."""
    wanted = names.named(call)
    function = names.latest(call) if not wanted.qualifier else None
    entry = names.stored(call, wanted.name)
    found = _statements(entry["latest"], wanted) if entry else []
    if not found:
        raise missing()
    owner = function or names.require_version_or_alias(call, wanted)
    return reported(found, _revision(owner))


def remove(call: LambdaCall) -> JsonObject:
    """RemovePermission."""
    wanted = names.named(call)
    entry = names.stored(call, wanted.name)
    if entry is None:
        raise missing(f"No policy found for: {wanted.arn}")
    function = entry["latest"]
    owner = names.require_version_or_alias(call, wanted) if wanted.qualifier else function
    found = _statements(function, wanted)
    if not found:
        raise missing(NO_POLICY)
    removed = named_statement(call, found)
    check_revision(call, _revision(owner))
    function.policy.statements = [one for one in function.policy.statements if one is not removed]
    _revise(owner)
    return {}


def _statements(function: LambdaFunction, wanted: names.NamedFunction) -> list[JsonObject]:
    """The statements of the function itself, or of the version or alias that is named."""
    arn = wanted.qualified_arn.removesuffix(f":{names.LATEST}")
    return [
        statement
        for statement in function.policy.statements
        if str(statement.get("Resource", "")).removesuffix(f":{names.LATEST}") == arn
    ]


def _revision(owner: LambdaFunction | LambdaAlias) -> str:
    return str(owner.revision_id) if hasattr(owner, "routing_config") else revision(owner)


def _revise(owner: LambdaFunction | LambdaAlias) -> None:
    owner.revision_id = new_uuid()


def _statement(call: LambdaCall, arn: str) -> JsonObject:
    """The statement that AddPermission makes of its members."""
    found: JsonObject = {
        "Sid": call.input["StatementId"],
        "Effect": "Allow",
        "Principal": principal_of(str(call.input["Principal"])),
        "Action": call.input["Action"],
        "Resource": arn,
    }
    conditions = _conditions(call.input)
    return {**found, "Condition": conditions} if conditions else found


def refuse_taken(call: LambdaCall, statements: Sequence[JsonObject]) -> None:
    """Raise LambdaFault if one of these statements has the StatementId of a call that adds one."""
    sid = call.input["StatementId"]
    if any(statement.get("Sid") == sid for statement in statements):
        raise conflict(
            f"The statement id ({sid}) provided already exists. Please provide a new statement id, or remove the"
            " existing statement."
        )


def named_statement(call: LambdaCall, statements: Sequence[JsonObject]) -> JsonObject:
    """The statement that a call removes; raises LambdaFault if none has its StatementId."""
    sid = call.input["StatementId"]
    found = next((statement for statement in statements if statement.get("Sid") == sid), None)
    if found is None:
        raise missing(f"Statement {sid} is not found in resource policy.")
    return found


def reported(statements: Sequence[JsonObject], revision_id: str) -> JsonObject:
    """A policy, as GetPolicy reports it."""
    policy = {"Version": "2012-10-17", "Id": "default", "Statement": statements}
    return {"Policy": json.dumps(policy), "RevisionId": revision_id}


def principal_of(principal: str) -> str | JsonObject:
    """The Principal of a statement, by that of a call: everyone, a service, an account, or an ARN."""
    if principal == "*":
        return principal
    if principal.isdigit():
        return {"AWS": f"arn:{PARTITION}:iam::{principal}:root"}
    return {"AWS": principal} if principal.startswith("arn:") else {"Service": principal}


def _conditions(given: Mapping[str, Any]) -> JsonObject:
    equal = {
        "lambda:FunctionUrlAuthType": given.get("FunctionUrlAuthType"),
        "aws:PrincipalOrgID": given.get("PrincipalOrgID"),
        "AWS:SourceAccount": given.get("SourceAccount"),
        "lambda:EventSourceToken": given.get("EventSourceToken"),
    }
    by_url = given.get("InvokedViaFunctionUrl")
    tests: JsonObject = {
        "StringEquals": {name: value for name, value in equal.items() if value},
        "ArnLike": {"AWS:SourceArn": given["SourceArn"]} if given.get("SourceArn") else {},
        "Bool": {} if by_url is None else {"lambda:InvokedViaFunctionUrl": str(by_url).lower()},
    }
    return {name: test for name, test in tests.items() if test}
