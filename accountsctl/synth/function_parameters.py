"""``function-parameters.json`` beside a function: its layers and secrets, which Amplify writes into its template.

The shape, which Amplify's CLI writes::

    {"lambdaLayers": [{"type": "ProjectLayer", "resourceName": NAME, "isLatestVersionSelected": true}
                      | {"type": "ProjectLayer", "resourceName": NAME, "version": 3}
                      | {"type": "ExternalLayer", "arn": ARN}],
     "secretNames": [NAME, ...]}

A template that has them already stays as it is. A secret is a SecureString of SSM: the function gets its path in a
variable of the secret's name, and the right to read it. Logical ids are Amplify's.

Source: https://docs.amplify.aws/gen1/javascript/tools/cli/function/secrets/
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from accountsctl.formats.json_reader import read
from accountsctl.formats.json_source import Source
from accountsctl.formats.layout import FUNCTION_PARAMETERS, resource_folder
from accountsctl.model.errors import Fault
from accountsctl.model.names import ResourceId, parameter_name
from accountsctl.model.project import Project
from accountsctl.model.template_body import TemplateBody
from accountsctl.synth.faulty import Faulty
from accountsctl.synth.inputs import Inputs

FUNCTION = "LambdaFunction"
ROLE = "LambdaExecutionRole"
SECRETS_POLICY = "AmplifyFunctionSecretsPolicy"
APP_PARAMETER = "secretsPathAmplifyAppId"
"""The id of the Amplify app, which stands in the path of every secret."""


def with_function_parameters(inputs: Inputs, body: TemplateBody) -> TemplateBody:
    """The template with the layers and the secrets that the file states; the same one if it has all of them.

    Faulty if the file does not have the shape, or if the template has no function of Amplify's logical id.
    """
    source = _source(inputs.source.others.get(FUNCTION_PARAMETERS), inputs.resource.id)
    if source is None:
        return body
    layers, secrets = _layers(source), secret_names(source.value)
    if not layers and not secrets:
        return body
    if FUNCTION not in body.get("Resources", {}):
        what = f"{inputs.resource.id}'s template has no resource {FUNCTION} for its layers and secrets."
        raise Faulty(Fault(source.file, 1, what, f"Call the function {FUNCTION}, or state them there."))
    return _with_secrets(inputs, _with_layers(inputs, body, layers), secrets)


def secret_names(content: object) -> list[str]:
    """The names of a function's secrets."""
    names = content.get("secretNames", []) if isinstance(content, Mapping) else []
    return [name for name in names if isinstance(name, str)] if isinstance(names, list) else []


def secrets_to_store(project: Project, function: ResourceId) -> str:
    """The path below which SSM must have a function's secrets, and their names; empty if it has none."""
    names = amplify_secrets(project, function)
    if not names:
        return ""
    app = str(project.effective_parameters(function).get(APP_PARAMETER, "APP"))
    path = secrets_path(app, project.environment.name, function.name)
    return ", ".join(f"{path}{name}" for name in names)


def amplify_secrets(project: Project, function: ResourceId) -> list[str]:
    """The names of the secrets that Amplify's file of a function states; none if it cannot be read."""
    source = project.sources.get(function)
    text = source.others.get(FUNCTION_PARAMETERS) if source else None
    return [] if text is None else secret_names(read(text, FUNCTION_PARAMETERS).value)


def secrets_path(app: str, environment: str, function: str) -> str:
    """What the names of a function's secrets begin with in SSM, as Amplify composes them."""
    return f"/amplify/{app}/{environment}/AMPLIFY_{function}_"


def _source(text: str | None, resource: ResourceId) -> Source | None:
    source = None if text is None else read(text, f"{resource_folder(resource)}/{FUNCTION_PARAMETERS}")
    if source is not None and source.faults:
        raise Faulty(*source.faults)
    if source is not None and not isinstance(source.value, Mapping):
        raise Faulty(source.fault((), "It must be an object."))
    return source


def _layers(source: Source) -> list[Mapping[str, Any]]:
    layers = source.value.get("lambdaLayers", [])
    if not isinstance(layers, list):
        raise Faulty(source.fault(("lambdaLayers",), '"lambdaLayers" must be a list.'))
    wrong = [
        source.fault(("lambdaLayers", index), 'A layer must have an "arn" or a "resourceName".')
        for index, layer in enumerate(layers)
        if not isinstance(layer, Mapping) or not ("arn" in layer or "resourceName" in layer)
    ]
    if wrong:
        raise Faulty(*wrong)
    return layers


def _with_layers(inputs: Inputs, body: TemplateBody, layers: list[Mapping[str, Any]]) -> TemplateBody:
    properties = body["Resources"][FUNCTION].get("Properties", {})
    stated = properties.get("Layers", [])
    if not isinstance(stated, list):  # an intrinsic: whoever wrote it knows which layers there are
        return body
    written = json.dumps(stated)
    missing = [_arn(inputs, layer) for layer in layers if not any(mark in written for mark in _marks(layer))]
    if not missing:
        return body
    declared = {
        value["Ref"]: {"Type": "String"} for value in missing if isinstance(value, dict) and "Ref" in value
    }
    return _changed(body, {"Layers": [*stated, *missing]}, declared)


def _marks(layer: Mapping[str, Any]) -> tuple[str, ...]:
    """What names a layer in every spelling that Amplify has used for it: a reference, a text, an Fn::Sub."""
    if "resourceName" not in layer:
        return (str(layer["arn"]),)
    name = str(layer["resourceName"])
    return (f'"{parameter_name(ResourceId("function", name), "Arn")}"', f":layer:{name}-", f":layer:{name}:")


def _arn(inputs: Inputs, layer: Mapping[str, Any]) -> str | dict[str, str]:
    """A layer's ARN: as stated; of the backend's newest version by parameter, of an older one by number."""
    if "resourceName" not in layer:
        return str(layer["arn"])
    name = str(layer["resourceName"])
    if "version" in layer and layer.get("isLatestVersionSelected") is False:
        env = inputs.project.environment.name
        arn = "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:layer:"
        return {"Fn::Sub": f"{arn}{name}-{env}:{layer['version']}"}
    return {"Ref": parameter_name(ResourceId("function", name), "Arn")}


def _with_secrets(inputs: Inputs, body: TemplateBody, names: list[str]) -> TemplateBody:
    properties = body["Resources"][FUNCTION].get("Properties", {})
    environment = properties.get("Environment", {})
    variables = environment.get("Variables", {})
    missing = [name for name in names if name not in variables]
    if not missing:
        return body
    prefix = secrets_path(f"${{{APP_PARAMETER}}}", inputs.project.environment.name, inputs.resource.id.name)
    added = {name: {"Fn::Sub": f"{prefix}{name}"} for name in missing}
    environment = {**environment, "Variables": {**variables, **added}}
    changed = _changed(body, {"Environment": environment}, {APP_PARAMETER: {"Type": "String"}})
    resources = changed["Resources"]
    if SECRETS_POLICY in resources or ROLE not in resources:
        return changed
    return {**changed, "Resources": {**resources, SECRETS_POLICY: _policy(prefix)}}


def _policy(prefix: str) -> dict[str, object]:
    arn = f"arn:${{AWS::Partition}}:ssm:${{AWS::Region}}:${{AWS::AccountId}}:parameter{prefix}*"
    statement = {
        "Effect": "Allow",
        "Action": ["ssm:GetParameter", "ssm:GetParameters"],
        "Resource": {"Fn::Sub": arn},
    }
    return {
        "Type": "AWS::IAM::Policy",
        "Properties": {
            "PolicyName": "amplify-function-secrets-policy",
            "PolicyDocument": {"Version": "2012-10-17", "Statement": [statement]},
            "Roles": [{"Ref": ROLE}],
        },
    }


def _changed(
    body: TemplateBody, properties: Mapping[str, object], parameters: Mapping[str, object]
) -> TemplateBody:
    """The template with other properties of the function, and with further parameters."""
    resources = body["Resources"]
    function = resources[FUNCTION]
    function = {**function, "Properties": {**function.get("Properties", {}), **properties}}
    declared = {**parameters, **body.get("Parameters", {})}
    return {**body, "Parameters": declared, "Resources": {**resources, FUNCTION: function}}
