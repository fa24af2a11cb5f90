"""``custom-policies.json`` beside a function: further rights of its role, as Amplify adds them at every push.

The file is a list of statements, ``[{"Action": [...], "Resource": [...], "Effect": "Allow"}]``; ``Effect`` may
be left out, and ``${env}`` stands for the environment's name. Amplify writes a statement with empty lists into
every new function: that one is passed over. The policy has Amplify's logical id, so that a deployed stack keeps it.

Source: https://docs.amplify.aws/gen1/javascript/tools/cli/function/#access-existing-aws-resource-from-lambda-function
"""

from __future__ import annotations

from collections.abc import Mapping

from accountsctl.formats.json_reader import read
from accountsctl.formats.json_source import Source
from accountsctl.formats.layout import CUSTOM_POLICIES, resource_folder
from accountsctl.model.errors import Fault
from accountsctl.model.template_body import TemplateBody
from accountsctl.synth.faulty import Faulty
from accountsctl.synth.inputs import Inputs

ROLE = "LambdaExecutionRole"
POLICY = "CustomLambdaExecutionPolicy"
STATEMENT_KEYS = frozenset({"Action", "Condition", "Effect", "NotAction", "NotResource", "Resource", "Sid"})


def with_custom_policies(inputs: Inputs, body: TemplateBody) -> TemplateBody:
    """The template with the policy that the file states; the same one if there is none to add.

    Faulty if the file is not a list of statements, or if the template has no role of Amplify's logical id.
    """
    text = inputs.source.others.get(CUSTOM_POLICIES)
    if text is None:
        return body
    path = f"{resource_folder(inputs.resource.id)}/{CUSTOM_POLICIES}"
    source = read(text, path)
    if source.faults:
        raise Faulty(*source.faults)
    statements = _statements(source, inputs.project.environment.name)
    resources = body.get("Resources", {})
    if not statements or POLICY in resources:
        return body
    if ROLE not in resources:
        what = f"Its rights have no role: {inputs.resource.id}'s template has no resource {ROLE}."
        raise Faulty(Fault(path, 1, what, f"Call the function's role {ROLE}, or state the rights there."))
    policy = {
        "Type": "AWS::IAM::Policy",
        "DependsOn": [ROLE],
        "Properties": {
            "PolicyName": "custom-lambda-execution-policy",
            "PolicyDocument": {"Version": "2012-10-17", "Statement": statements},
            "Roles": [{"Ref": ROLE}],
        },
    }
    return {**body, "Resources": {**resources, POLICY: policy}}


def _statements(source: Source, environment: str) -> list[object]:
    if not isinstance(source.value, list):
        raise Faulty(
            source.fault((), 'It must be a list of statements: [{"Action": [...], "Resource": [...]}].')
        )
    statements: list[object] = []
    faults = []
    for index, statement in enumerate(source.value):
        if not isinstance(statement, Mapping) or not _is_complete(statement):
            faults.append(source.fault((index,), 'A statement must have "Action" and "Resource".'))
        elif unknown := sorted(statement.keys() - STATEMENT_KEYS):
            faults.append(source.fault((index, unknown[0]), f'A statement has no key "{unknown[0]}".'))
        elif statement.get("Action") != [] and statement.get("Resource") != []:
            statements.append({"Effect": "Allow", **_substituted(statement, environment)})
    if faults:
        raise Faulty(*faults)
    return statements


def _is_complete(statement: Mapping[str, object]) -> bool:
    keys = statement.keys()
    return bool({"Action", "NotAction"} & keys) and bool({"Resource", "NotResource"} & keys)


def _substituted(value: Mapping[str, object], environment: str) -> dict[str, object]:
    return {key: _of_environment(part, environment) for key, part in value.items()}


def _of_environment(value: object, environment: str) -> object:
    """A part of a statement with the environment's name for ``${env}``; other ``${...}`` are CloudFormation's."""
    match value:
        case str():
            text = value.replace("${env}", environment)
            return {"Fn::Sub": text} if "${AWS::" in text else text
        case list():
            return [_of_environment(part, environment) for part in value]
        case Mapping() if len(value) == 1 and next(iter(value)) in (
            "Fn::Sub",
            "Ref",
            "Fn::GetAtt",
            "Fn::Join",
        ):
            return value
        case Mapping():
            return _substituted(value, environment)
    return value
