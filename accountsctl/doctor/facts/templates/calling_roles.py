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
    listed,
    mapping,
)
from accountsctl.doctor.facts.templates.qualifiers import function_called, qualifier_of, reference_in

INVOKE = "lambda:invokefunction"
NOT_TRUSTED = "a role that API Gateway may not assume"
NO_INVOKE = "a role that does not allow lambda:InvokeFunction"
ATTACHED = ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy")
Json = Mapping[str, Any]


def fault_of_role(reader: Reader, stated: Any, uri: str) -> str:
    """Why API Gateway may not call a function by a role; empty if it may, or that is not known.

    `uri` is the integration's. Of another service the actions are not compared.
    """
    found = re.fullmatch(r"\$\{([^.}]+)\.Arn\}", str(stated))
    if found is None:
        return ""
    if calling_role(reader, stated) is None:
        return NOT_TRUSTED
    called = reference_in(uri)
    if function_called(reader, called) is None:
        return ""
    role = found.group(1)
    is_role = mapping(reader.document.resources.get(role)).get("Type") == "AWS::IAM::Role"
    return NO_INVOKE if is_role and _may_invoke(reader, role, called) is False else ""


def _may_invoke(reader: Reader, role: str, called: str) -> bool | None:
    """Whether the policies of a role of this template let it invoke a function; None if that is not known.

    A role without any has those that stand elsewhere: it would be for nothing.
    """
    properties = reader.properties(role)
    if properties.get("ManagedPolicyArns") or role in reader.handed_on | reader.exported or reader.incomplete:
        return None
    policies = properties.get("Policies") or []
    documents = [mapping(policy).get("PolicyDocument") for policy in listed(policies)]
    documents += list(_attached(reader, role))
    found = {_allows(reader, document, called) for document in documents}
    return True if True in found else None if None in found or not found else False


def _attached(reader: Reader, role: str) -> Iterator[Any]:
    """The documents of the policies that name the role, or of which only the deployment knows the roles."""
    for _, properties in reader.of_type(*ATTACHED):
        roles = [*listed(properties.get("Roles")), properties.get("RoleName")]
        if "${" + role + "}" in roles or any(reader.hidden(one) for one in roles):
            yield properties.get("PolicyDocument")


def _allows(reader: Reader, document: Any, called: str) -> bool | None:
    """Whether a policy lets its role invoke a function; None if that is not known."""
    if not isinstance(document, Mapping):
        return None
    found = {_statement(reader, statement, called) for statement in listed(document.get("Statement"))}
    return True if True in found else None if None in found else False


def _statement(reader: Reader, statement: Any, called: str) -> bool | None:
    if not isinstance(statement, Mapping) or {"NotAction", "NotResource", "Condition"} & set(statement):
        return None
    actions = [str(action).lower() for action in listed(statement.get("Action"))]
    if any("${" in action for action in actions):
        return None
    if statement.get("Effect") != "Allow" or not any(fnmatchcase(INVOKE, action) for action in actions):
        return False
    resources = [str(resource) for resource in listed(statement.get("Resource"))]
    found = {_covers(reader, resource, called) for resource in resources}
    return True if True in found else None if None in found else False


def _covers(reader: Reader, resource: str, called: str) -> bool | None:
    """Whether a resource of a policy is what is called: each alias has its own ARN; None if that is not known."""
    stem = re.sub(r":?\*$", "", resource)
    function, qualifier = function_called(reader, stem), qualifier_of(reader, stem)
    # An ARN of another form may be the function's all the same: its name is AWS's to give.
    if function is None or not stem:
        return None
    if function != function_called(reader, called):
        return False
    wanted = qualifier_of(reader, called)
    if wanted is None or qualifier is None or resource == f"{stem}*":
        return None if resource == stem else True
    return bool(wanted) if resource == f"{stem}:*" else qualifier == wanted
