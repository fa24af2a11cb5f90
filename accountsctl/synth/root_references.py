"""What a parameters.json refers to in the root stack: Amplify's names for it, and ours.

Amplify writes ``{"Fn::GetAtt": ["AuthRole", "Arn"]}`` or ``{"Ref": "AuthRoleName"}`` into the parameters.json of
auth and storage: its root has the two roles of an identity pool, and their names as parameters. Our root has a
role only if a resource refers to it. No one can assume it unless the backend has an identity pool: `identity_pools`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from accountsctl.model.names import BUCKET_LOGICAL_ID
from accountsctl.model.project import Project
from accountsctl.model.template_body import IN_SUB, references

ROLES = ("AuthRole", "UnauthRole")
NAMES = {
    "AuthRoleName": "AuthRole",
    "UnauthRoleName": "UnauthRole",
    "DeploymentBucketName": BUCKET_LOGICAL_ID,
}
"""A parameter of Amplify's root: the resource of ours whose name it is."""


def with_our_names(value: object) -> object:
    """An intrinsic with our resources in place of the parameters of Amplify's root."""
    match value:
        case {"Ref": str() as name, **rest} if not rest:
            return {"Ref": NAMES.get(name, name)}
        case {"Fn::Sub": str() as text}:
            return {"Fn::Sub": _in_sub(text)}
        case {"Fn::Sub": [str() as text, *values]}:
            return {"Fn::Sub": [_in_sub(text), *(with_our_names(part) for part in values)]}
        case Mapping():
            return {key: with_our_names(part) for key, part in value.items()}
        case list():
            return [with_our_names(part) for part in value]
    return value


def _in_sub(text: str) -> str:
    """The text of an Fn::Sub; elsewhere ``${...}`` is plain text."""
    return IN_SUB.sub(lambda found: found[0].replace(found[1], NAMES.get(found[1], found[1])), text)


def role_parameters(project: Project) -> dict[str, object]:
    """What Amplify passes of the identity pool's roles, by the names of its templates' parameters.

    The users of an imported pool get the roles of the project that owns it.
    """
    passed: dict[str, object] = {}
    for role, prefix in zip(ROLES, ("auth", "unauth"), strict=True):
        imported = [
            environment_ids[f"{role}Name"]
            for resource in project.backend
            if resource.imported
            and f"{role}Name" in (environment_ids := project.environment.imported_ids(resource.id))
        ]
        passed[f"{prefix}RoleName"] = imported[0] if imported else {"Ref": role}
        passed[f"{prefix}RoleArn"] = {"Fn::GetAtt": [role, "Arn"]}
    return passed


def used_roles(parameters: Iterable[Mapping[str, object]]) -> set[str]:
    """The roles of the root to which the parameters of its nested stacks refer."""
    used = {name for passed in parameters for value in passed.values() for name in references(value)}
    return used & set(ROLES)
