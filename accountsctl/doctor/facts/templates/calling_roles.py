"""The role by which API Gateway calls a function: whether it may take it, and whether the role may invoke.

Roles of other stacks, managed policies, conditions and exceptions (NotAction, NotResource) say nothing here.
https://docs.aws.amazon.com/apigateway/latest/developerguide/getting-started-lambda-non-proxy-integration.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from accountsctl.doctor.facts.templates.common import (
    Reader,
    calling_role,
    function_key,
    listed,
    mapping,
)

INVOKE = "lambda:invokefunction"
NOT_TRUSTED = "a role that API Gateway may not assume"
NO_INVOKE = "a role that does not allow lambda:InvokeFunction"
ATTACHED = ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy")
Json = Mapping[str, Any]


def fault_of_role(reader: Reader, stated: Any, function: str | None) -> str:
    """Why API Gateway may not call a function by a role; empty if it may, or that is not known."""
    found = re.fullmatch(r"\$\{([^.}]+)\.Arn\}", str(stated))
    if found is None or function is None:
        return ""
    if calling_role(reader, stated) is None:
        return NOT_TRUSTED
    role = found.group(1)
    is_role = mapping(reader.document.resources.get(role)).get("Type") == "AWS::IAM::Role"
    return NO_INVOKE if is_role and _may_invoke(reader, role, function) is False else ""


def _may_invoke(reader: Reader, role: str, function: str) -> bool | None:
    """Whether the policies of a role of this template let it invoke a function; None if that is not known.

    A role without any has those that stand elsewhere: it would be for nothing.
    """
    properties = reader.properties(role)
    if properties.get("ManagedPolicyArns") or role in reader.handed_on | reader.exported or reader.incomplete:
        return None
    policies = properties.get("Policies") or []
    documents = [mapping(policy).get("PolicyDocument") for policy in listed(policies)]
    documents += list(_attached(reader, role))
    found = {_allows(document, function) for document in documents}
    return True if True in found else None if None in found or not found else False


def _attached(reader: Reader, role: str) -> Iterator[Any]:
    """The documents of the policies that name the role, or of which only the deployment knows the roles."""
    for _, properties in reader.of_type(*ATTACHED):
        roles = [*listed(properties.get("Roles")), properties.get("RoleName")]
        if "${" + role + "}" in roles or any(reader.hidden(one) for one in roles):
            yield properties.get("PolicyDocument")


def _allows(document: Any, function: str) -> bool | None:
    """Whether a policy lets its role invoke a function; None if that is not known."""
    if not isinstance(document, Mapping):
        return None
    found = {_statement(statement, function) for statement in listed(document.get("Statement"))}
    return True if True in found else None if None in found else False


def _statement(statement: Any, function: str) -> bool | None:
    if not isinstance(statement, Mapping) or {"NotAction", "NotResource", "Condition"} & set(statement):
        return None
    actions = [str(action).lower() for action in listed(statement.get("Action"))]
    if any("${" in action for action in actions):
        return None
    if statement.get("Effect") != "Allow" or not any(fnmatchcase(INVOKE, action) for action in actions):
        return False
    resources = [str(resource) for resource in listed(statement.get("Resource"))]
    # An ARN of another form may be the function's all the same: its name is AWS's to give.
    named = [function_key(resource) for resource in resources if re.match(r"\$\{[^.}]+\.Arn\}", resource)]
    others = len(named) < len(resources)
    return True if function in named else None if others else False
