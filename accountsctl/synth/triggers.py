"""The functions that Cognito calls for a user pool: ``dependsOn`` entries with ``triggerProvider: Cognito``.

A trigger function's name ends with the trigger: ``usersPostConfirmation``. The pool's template names them. If one of
them depends on the pool that calls it, each stack would wait for the other; then the root attaches them after both,
as Amplify does: `trigger_attachments`.

Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-identity-pools-working-with-aws-lambda-triggers.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from accountsctl.formats.json_reader import read
from accountsctl.formats.layout import CLI_INPUTS
from accountsctl.model.backend import Backend, Dependency, Resource
from accountsctl.model.errors import Fault
from accountsctl.model.names import ResourceId, parameter_name
from accountsctl.model.template_body import TemplateBody, TemplateResource
from accountsctl.synth.closure import TRIGGER_ROLE
from accountsctl.synth.faulty import Faulty
from accountsctl.synth.inputs import Inputs
from accountsctl.synth.pools import CONFIG

POOL = "UserPool"
TRIGGERS = {
    "CreateAuthChallenge": "CreateAuthChallenge",
    "CustomMessage": "CustomMessage",
    "DefineAuthChallenge": "DefineAuthChallenge",
    "PostAuthentication": "PostAuthentication",
    "PostConfirmation": "PostConfirmation",
    "PreAuthentication": "PreAuthentication",
    "PreSignup": "PreSignUp",
    "PreTokenGeneration": "PreTokenGeneration",
    "VerifyAuthChallengeResponse": "VerifyAuthChallengeResponse",
}
"""What Amplify calls a trigger, and what CloudFormation does."""
NEEDED = ("Arn", "Name")


def with_triggers(inputs: Inputs, body: TemplateBody) -> TemplateBody:
    """A pool's template with its triggers and Cognito's right to call them; the same one if it has its own."""
    called = triggers_of(inputs.resource)
    pool = body.get("Resources", {}).get(POOL)
    if pool is None or "LambdaConfig" in pool.get("Properties", {}):
        return body
    faults = [fault for edge in _edges(inputs.resource) for fault in _faults(inputs, edge)]
    if faults:
        raise Faulty(*faults)
    if not called or wait_for_pool(inputs.project.backend, inputs.resource):
        return body
    config = {TRIGGERS[trigger]: {"Ref": _parameter(edge, "Arn")} for trigger, edge in called.items()}
    declared = {_parameter(edge, name): {"Type": "String"} for edge in called.values() for name in NEEDED}
    permissions = {
        f"{POOL}{trigger}LambdaInvokePermission": call_permission(
            {"Ref": _parameter(edge, "Name")}, {"Fn::GetAtt": [POOL, "Arn"]}
        )
        for trigger, edge in called.items()
    }
    pool = {**pool, "Properties": {**pool.get("Properties", {}), "LambdaConfig": config}}
    text = inputs.source.others.get(CLI_INPUTS, "{}")
    rights = {
        name: rights_policy(
            name, right, {"Fn::GetAtt": [POOL, "Arn"]}, {"Ref": _parameter(edge, TRIGGER_ROLE)}
        )
        for name, edge, right in stated_rights(text, called)
    }
    declared |= {name: {"Type": "String"} for policy in rights.values() for name in _role_parameters(policy)}
    resources = {**body["Resources"], POOL: pool, **permissions, **rights}
    return {**body, "Parameters": {**declared, **body.get("Parameters", {})}, "Resources": resources}


def triggers_of(resource: Resource) -> dict[str, Dependency]:
    """The functions that Cognito calls for a pool, by Amplify's name of the trigger."""
    return {trigger: edge for edge in _edges(resource) if (trigger := _trigger(edge))}


def wait_for_pool(backend: Backend, pool: Resource) -> bool:
    """Whether one of a pool's triggers depends on the pool, directly or through another resource."""
    seen: set[ResourceId] = set()
    left = [edge.on for edge in _edges(pool)]
    while left:
        resource = backend.get(left.pop())
        if resource is not None and resource.id not in seen:
            seen.add(resource.id)
            left += [edge.on for edge in resource.depends_on if edge.orders]
    return pool.id in seen


def stated_rights(
    cli_inputs: str, called: Mapping[str, Dependency]
) -> Iterator[tuple[str, Dependency, Mapping[str, Any]]]:
    """What the triggers may do with the pool, by the text of its cli-inputs.json: a policy's logical id, the edge to
    the function that gets it, and Amplify's entry.
    """
    config = read(cli_inputs, CLI_INPUTS).value
    config = config.get(CONFIG) if isinstance(config, Mapping) else None
    stated = config.get("permissions") if isinstance(config, Mapping) else None
    for entry in stated if isinstance(stated, list) else []:
        right = read(entry, CLI_INPUTS).value if isinstance(entry, str) else entry
        edge = called.get(str(right.get("trigger"))) if isinstance(right, Mapping) else None
        if edge is not None:
            name = "".join(filter(str.isalnum, str(right.get("policyName", "Rights"))))
            yield f"{edge.on.name}{name}", edge, right


def rights_policy(name: str, right: Mapping[str, Any], pool_arn: object, role: object) -> TemplateResource:
    """The policy of one entry."""
    statement = {
        "Effect": right.get("effect", "Allow"),
        "Action": right.get("actions", []),
        "Resource": pool_arn,
    }
    return {
        "Type": "AWS::IAM::Policy",
        "Properties": {
            "PolicyName": name,
            "PolicyDocument": {"Version": "2012-10-17", "Statement": [statement]},
            "Roles": [role],
        },
    }


def _edges(pool: Resource) -> list[Dependency]:
    return [edge for edge in pool.depends_on if edge.on.category == "function" and not edge.orders]


def _role_parameters(policy: TemplateResource) -> list[str]:
    return [role["Ref"] for role in policy["Properties"]["Roles"]]


def _trigger(edge: Dependency) -> str | None:
    """The trigger that a function's name ends with; None if it ends with none."""
    return next((trigger for trigger in TRIGGERS if edge.on.name.endswith(trigger)), None)


def _faults(inputs: Inputs, edge: Dependency) -> Iterator[Fault]:
    pool, place = inputs.resource.id, edge.place
    if _trigger(edge) is None:
        what = f"{edge.on} is called by Cognito, but its name does not tell for which trigger."
        hint = f"End its name with one of: {', '.join(TRIGGERS)}."
        yield Fault(place.file, place.line, what, hint)
    missing = [name for name in NEEDED if name not in edge.attributes]
    if missing:
        what = f"{pool} has the trigger {edge.on}, of which dependsOn must request {' and '.join(missing)}."
        yield Fault(place.file, place.line, what, "Add them to its attributes.")


def _parameter(edge: Dependency, attribute: str) -> str:
    return parameter_name(edge.on, attribute)


def call_permission(function: object, pool_arn: object) -> TemplateResource:
    """Cognito's right to call a function for a pool."""
    properties: Mapping[str, object] = {
        "Action": "lambda:InvokeFunction",
        "FunctionName": function,
        "Principal": "cognito-idp.amazonaws.com",
        "SourceArn": pool_arn,
    }
    return {"Type": "AWS::Lambda::Permission", "Properties": properties}
