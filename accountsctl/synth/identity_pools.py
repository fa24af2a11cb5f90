"""The roles that an identity pool gives its users, in the root stack.

A role trusts the identity pool, and the identity pool names the role: in two stacks, each would wait for the other. So
the pool's own stack does not name the roles; the root does, after it has both. Amplify changes the roles' trust by
a function that runs once instead.

    the pool's stack      the identity pool, and its id as an output
    the root              the roles, which trust that id; the attachment, which names the roles

Source: https://docs.aws.amazon.com/cognito/latest/developerguide/iam-roles.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from accountsctl.model.assembly import Child
from accountsctl.model.template_body import TemplateBody, TemplateResource, references
from accountsctl.synth.root_references import ROLES, used_roles

POOL = "AWS::Cognito::IdentityPool"
ATTACHMENT = "AWS::Cognito::IdentityPoolRoleAttachment"
AMPLIFYS_ATTACHMENT = "IdentityPoolRoleMap"
ROLE_ARNS = ("authRoleArn", "unauthRoleArn")
ROLE_PARAMETERS = frozenset(ROLE_ARNS)
POOL_OUTPUT = "IdentityPoolId"
USERS = {"AuthRole": "authenticated", "UnauthRole": "unauthenticated"}
GROUPS_SERVICE = "Cognito-UserPool-Groups"


def without_attachment(body: TemplateBody) -> TemplateBody:
    """A pool's template without its attachment of the root's roles, and without what only that needed.

    A template whose attachment is of other roles, or that uses the roles' ARNs elsewhere too, stays as it is.
    """
    resources = body.get("Resources", {})
    attached = {
        name
        for name, resource in resources.items()
        if resource.get("Type") == ATTACHMENT and ROLE_PARAMETERS & set(references(resource))
    }
    if not attached or POOL_OUTPUT not in body.get("Outputs", {}):
        return body
    kept = {name: resource for name, resource in resources.items() if name not in attached}
    if (ROLE_PARAMETERS | attached) & set(references(kept)):
        return body
    parameters = {
        name: declared for name, declared in body.get("Parameters", {}).items() if name not in ROLE_PARAMETERS
    }
    return {**body, "Parameters": parameters, "Resources": kept}


def with_attachment(body: TemplateBody, root: TemplateBody) -> TemplateBody:
    """A pool's template that attaches the roles of an adopted root itself, as Amplify's does.

    The root that Amplify made has the roles and no attachment. One that its pool's stack loses is a pool whose users
    and guests get no role.
    """
    resources = body.get("Resources", {})
    types = {resource.get("Type") for resource in resources.values()}
    pools = [name for name, resource in resources.items() if resource.get("Type") == POOL]
    if len(pools) != 1 or ATTACHMENT in types or not set(ROLES) <= root.get("Resources", {}).keys():
        return body
    roles = {USERS[role]: {"Ref": parameter} for role, parameter in zip(ROLES, ROLE_ARNS, strict=True)}
    attachment: TemplateResource = {
        "Type": ATTACHMENT,
        "Properties": {"IdentityPoolId": {"Ref": pools[0]}, "Roles": roles},
    }
    declared = {parameter: {"Type": "String"} for parameter in ROLE_ARNS}
    return {
        **body,
        "Parameters": {**declared, **body.get("Parameters", {})},
        "Resources": {**resources, AMPLIFYS_ATTACHMENT: attachment},
    }


def identity_resources(
    children: Iterable[Child], passed: Iterable[Mapping[str, object]]
) -> dict[str, TemplateResource]:
    """The root's roles, if anything uses them, and the attachment of each identity pool that names no roles itself."""
    children = list(children)
    pools = [child for child in children if _needs_roles(child)]
    roles = set(ROLES) if pools else used_roles(passed)
    resources: dict[str, TemplateResource] = {role: _role(role, pools) for role in ROLES if role in roles}
    groups = any(child.resource.service == GROUPS_SERVICE for child in children)
    for pool in pools:
        resources[f"{pool.id.logical_id}Roles"] = _attachment(pool, groups)
    return resources


def _needs_roles(child: Child) -> bool:
    """Whether a stack has an identity pool without roles, of which the root knows the id."""
    types = {resource.get("Type") for resource in child.template.body.get("Resources", {}).values()}
    return (
        child.resource.service == "Cognito"
        and POOL in types
        and ATTACHMENT not in types
        and POOL_OUTPUT in child.template.outputs
    )


def _role(role: str, pools: list[Child]) -> TemplateResource:
    """A role that the users of the pools can assume; without pools, no one can."""
    statement: dict[str, object] = {
        "Effect": "Allow" if pools else "Deny",
        "Principal": {"Federated": "cognito-identity.amazonaws.com"},
        "Action": "sts:AssumeRoleWithWebIdentity",
    }
    if pools:
        statement["Condition"] = {
            "StringEquals": {
                "cognito-identity.amazonaws.com:aud": [_output(pool, POOL_OUTPUT) for pool in pools]
            },
            "ForAnyValue:StringLike": {"cognito-identity.amazonaws.com:amr": USERS[role]},
        }
    document = {"Version": "2012-10-17", "Statement": [statement]}
    return {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": document}}


def _attachment(pool: Child, groups: bool) -> TemplateResource:
    properties: dict[str, object] = {
        "IdentityPoolId": _output(pool, POOL_OUTPUT),
        "Roles": {USERS[role]: {"Fn::GetAtt": [role, "Arn"]} for role in ROLES},
    }
    clients = [name for name in ("AppClientID", "AppClientIDWeb") if name in pool.template.outputs]
    if groups and "UserPoolId" in pool.template.outputs:
        # A user of a group gets the role that the token names, which is the group's.
        properties["RoleMappings"] = {client: _by_token(pool, client) for client in clients}
    return {"Type": ATTACHMENT, "Properties": properties}


def _by_token(pool: Child, client: str) -> dict[str, object]:
    provider = "cognito-idp.${AWS::Region}.${AWS::URLSuffix}/${Pool}:${Client}"
    values = {"Pool": _output(pool, "UserPoolId"), "Client": _output(pool, client)}
    return {
        "IdentityProvider": {"Fn::Sub": [provider, values]},
        "Type": "Token",
        "AmbiguousRoleResolution": "AuthenticatedRole",
    }


def _output(pool: Child, name: str) -> dict[str, list[str]]:
    return {"Fn::GetAtt": [pool.id.logical_id, f"Outputs.{name}"]}
