"""The rights of an identity pool's roles to call a REST API, which Amplify keeps in a stack of its own in the root.

``cli-inputs.json`` of the API (``api-params.json`` of older projects) states who may call what; the API's template only
states that a path needs AWS_IAM. The policies stand in the API's stack, under Amplify's logical ids.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-control-access-using-iam-policies-to-invoke-api.html
"""

from __future__ import annotations

from collections.abc import Iterator

from accountsctl.formats.gen1.rest_inputs import OLD_FILE, RestAccess, access, old_access
from accountsctl.formats.json_reader import read
from accountsctl.formats.layout import CLI_INPUTS
from accountsctl.model.api_gateway import AuthorizationType
from accountsctl.model.errors import Fault
from accountsctl.model.names import parameter_name
from accountsctl.model.template_body import TemplateBody, TemplateResource
from accountsctl.synth.faulty import Faulty
from accountsctl.synth.inputs import Inputs
from accountsctl.synth.kinds import ResourceKind

API = "AWS::ApiGateway::RestApi"
METHOD = "AWS::ApiGateway::Method"
POLICY = "PolicyAPIGW"
POOL_ID = "UserPoolId"


def with_invocations(inputs: Inputs, body: TemplateBody) -> TemplateBody:
    """An API's template with the policies of the roles that may call it; the same one if nothing is granted."""
    resources = body.get("Resources", {})
    apis = [name for name, resource in resources.items() if resource.get("Type") == API]
    granted = _granted(inputs)
    if len(apis) != 1 or granted == RestAccess() or not _is_signed(inputs, body):
        return body
    policies: dict[str, TemplateResource] = {}
    declared: dict[str, object] = {}
    for name, parameter, ends in (
        ("Auth", "authRoleName", granted.auth),
        ("Unauth", "unauthRoleName", granted.guest),
    ):
        if ends:
            declared[parameter] = {"Type": "String"}
            policies[f"{POLICY}{name}"] = _policy(inputs, apis[0], {"Ref": parameter}, ends)
    for group, ends in granted.groups.items():
        pool = _pool(inputs, group)
        declared[pool] = {"Type": "String"}
        role = {"Fn::Sub": f"${{{pool}}}-{group}GroupRole"}
        policies[f"{POLICY}{group}"] = _policy(inputs, apis[0], role, ends)
    return {
        **body,
        "Parameters": {**declared, **body.get("Parameters", {})},
        "Resources": {**policies, **resources},
    }


def _granted(inputs: Inputs) -> RestAccess:
    others, resource = inputs.source.others, inputs.resource.id
    if CLI_INPUTS in others:
        return access(read(others[CLI_INPUTS], f"{resource}/{CLI_INPUTS}"))
    if OLD_FILE in others:
        return old_access(read(others[OLD_FILE], f"{resource}/{OLD_FILE}"))
    return RestAccess()


def _is_signed(inputs: Inputs, body: TemplateBody) -> bool:
    """Whether requests are signed: not if our template has methods, and none of them needs AWS_IAM.

    AdminQueries and an API whose parameters.json states so are authorized by the user pool.
    """
    if inputs.kind is not ResourceKind.API:
        return inputs.resource.entry.get("authorizationType") is None
    return any(
        resource.get("Properties", {}).get("AuthorizationType") == AuthorizationType.IAM
        for resource in body["Resources"].values()
        if resource.get("Type") == METHOD
    )


def _pool(inputs: Inputs, group: str) -> str:
    """The parameter with the id of the pool that a group belongs to. Faulty if the API does not depend on it."""
    edges: Iterator[str] = (
        parameter_name(edge.on, POOL_ID)
        for edge in inputs.resource.depends_on
        if edge.on.category == "auth" and POOL_ID in edge.attributes
    )
    pool = next(edges, None)
    if pool is None:
        place = inputs.resource.place
        what = f"{inputs.resource.id} gives rights to the group {group}, but does not depend on a pool's {POOL_ID}."
        raise Faulty(Fault(place.file, place.line, what, "Add the user pool to its dependsOn."))
    return pool


def _policy(inputs: Inputs, api: str, role: object, ends: tuple[str, ...]) -> TemplateResource:
    stage = inputs.project.environment.name
    arn = f"arn:${{AWS::Partition}}:execute-api:${{AWS::Region}}:${{AWS::AccountId}}:${{{api}}}/{stage}/"
    statement = {
        "Effect": "Allow",
        "Action": "execute-api:Invoke",
        "Resource": [{"Fn::Sub": f"{arn}{end}"} for end in ends],
    }
    return {
        "Type": "AWS::IAM::ManagedPolicy",
        "Properties": {
            "Description": f"Calls of the API {inputs.resource.id.name}",
            "Roles": [role],
            "PolicyDocument": {"Version": "2012-10-17", "Statement": [statement]},
        },
    }
