"""The functions that Cognito calls for a user pool: ``dependsOn`` entries with ``triggerProvider: Cognito``.

A trigger function's name ends with the trigger: ``usersPostConfirmation``. Amplify attaches them after the deployment,
by a stack of its own, so that a function may use the pool that calls it. Here the pool's template names them, so
a function that depends on the pool cannot be its trigger.

Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-identity-pools-working-with-aws-lambda-triggers.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from accountsctl.formats.json_reader import read
from accountsctl.formats.layout import CLI_INPUTS
from accountsctl.model.backend import Dependency
from accountsctl.model.errors import Fault
from accountsctl.model.names import parameter_name
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
    edges = [
        edge for edge in inputs.resource.depends_on if edge.on.category == "function" and not edge.orders
    ]
    pool = body.get("Resources", {}).get(POOL)
    if not edges or pool is None or "LambdaConfig" in pool.get("Properties", {}):
        return body
    faults = [fault for edge in edges for fault in _faults(inputs, edge)]
    if faults:
        raise Faulty(*faults)
    called = {trigger: edge for edge in edges if (trigger := _trigger(edge))}
    config = {TRIGGERS[trigger]: {"Ref": _parameter(edge, "Arn")} for trigger, edge in called.items()}
    declared = {_parameter(edge, name): {"Type": "String"} for edge in called.values() for name in NEEDED}
    permissions = {
        f"{POOL}{trigger}LambdaInvokePermission": _permission(_parameter(edge, "Name"))
        for trigger, edge in called.items()
    }
    pool = {**pool, "Properties": {**pool.get("Properties", {}), "LambdaConfig": config}}
    rights = dict(_rights(inputs, called))
    declared |= {name: {"Type": "String"} for policy in rights.values() for name in _role_parameters(policy)}
    resources = {**body["Resources"], POOL: pool, **permissions, **rights}
    return {**body, "Parameters": {**declared, **body.get("Parameters", {})}, "Resources": resources}


def _rights(inputs: Inputs, called: Mapping[str, Dependency]) -> Iterator[tuple[str, TemplateResource]]:
    """What the triggers may do with the pool, as policies of their functions' roles."""
    config = read(inputs.source.others.get(CLI_INPUTS, "{}"), CLI_INPUTS).value
    config = config.get(CONFIG) if isinstance(config, Mapping) else None
    stated = config.get("permissions") if isinstance(config, Mapping) else None
    for entry in stated if isinstance(stated, list) else []:
        right = read(entry, CLI_INPUTS).value if isinstance(entry, str) else entry
        edge = called.get(str(right.get("trigger"))) if isinstance(right, Mapping) else None
        if edge is not None:
            name = "".join(filter(str.isalnum, str(right.get("policyName", "Rights"))))
            yield f"{edge.on.name}{name}", _policy(edge, name, right)


def _policy(edge: Dependency, name: str, right: Mapping[str, Any]) -> TemplateResource:
    statement = {
        "Effect": right.get("effect", "Allow"),
        "Action": right.get("actions", []),
        "Resource": {"Fn::GetAtt": [POOL, "Arn"]},
    }
    return {
        "Type": "AWS::IAM::Policy",
        "Properties": {
            "PolicyName": name,
            "PolicyDocument": {"Version": "2012-10-17", "Statement": [statement]},
            "Roles": [{"Ref": _parameter(edge, TRIGGER_ROLE)}],
        },
    }


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
    function = inputs.project.backend.get(edge.on)
    if function is not None and any(back.on == pool for back in function.depends_on):
        what = f"{edge.on} depends on {pool}, whose trigger it is: each stack would wait for the other."
        hint = "Let the function take the pool's id from its event (userPoolId), and remove that dependency."
        yield Fault(place.file, place.line, what, hint)


def _parameter(edge: Dependency, attribute: str) -> str:
    return parameter_name(edge.on, attribute)


def _permission(function: str) -> TemplateResource:
    properties: Mapping[str, object] = {
        "Action": "lambda:InvokeFunction",
        "FunctionName": {"Ref": function},
        "Principal": "cognito-idp.amazonaws.com",
        "SourceArn": {"Fn::GetAtt": [POOL, "Arn"]},
    }
    return {"Type": "AWS::Lambda::Permission", "Properties": properties}
