"""A converted resource: rendered from the project's files, into the nested stack that Amplify made.

CloudFormation knows a resource by its logical id. A rendered template has other ids than Amplify's, so each of its
resources gets the id of the deployed one that it becomes, and keeps that one's name; then it is changed in place.

    same id and type              it is that resource
    the only one of its type      it is that resource, whatever its id
    same id but for a random end  Amplify ends some ids with eight hex digits that differ in every build
    anything else                 a new resource; what is left of the old ones is deleted

A deployment of an API is never mapped: a changed API needs a new one. An API that was defined by its Body cannot become
one of explicit methods: CloudFormation would create paths that are there already. Both then are two APIs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from accountsctl.model.adoption import Conversion
from accountsctl.model.names import ResourceId
from accountsctl.model.project import Project
from accountsctl.model.template_body import TemplateBody, TemplateResource

API = "AWS::ApiGateway::RestApi"
NEVER = frozenset({"AWS::ApiGateway::Deployment"})
NAMES = {
    "AWS::DynamoDB::Table": "TableName",
    "AWS::IAM::Role": "RoleName",
    "AWS::Lambda::Function": "FunctionName",
    "AWS::S3::Bucket": "BucketName",
}
"""The property that is a resource's physical id; another value of it is another resource."""
NEW = "Converted"
_RANDOM_END = re.compile(r"[0-9a-f]{8}$")
_IN_SUB = re.compile(r"\$\{([A-Za-z0-9]+)((?:\.[^}]*)?)\}")


def conversion(
    old: TemplateBody,
    new: TemplateBody,
    physical_ids: Mapping[str, str],
    stated: Mapping[str, str] | None = None,
) -> Conversion:
    """How a rendered template becomes the deployed one.

    `physical_ids` are those of the deployed resources by logical id; `stated` are logical ids of the rendered template
    with the deployed ones that someone named for them.
    """
    before, after = old.get("Resources", {}), new.get("Resources", {})
    ids = _matched(before, after, dict(stated or {}))
    return Conversion(
        old, {**_moved_away(before, after, ids), **ids}, _names(before, after, ids, physical_ids)
    )


def as_converted(project: Project, resource: ResourceId, body: TemplateBody) -> TemplateBody:
    """A rendered template with the ids and names of the deployed resources; the same one if it was not converted."""
    kept = project.adoption.converted.get(resource) if project.adoption else None
    if kept is None:
        return body
    renamed = {section: _renamed(part, kept.logical_ids) for section, part in body.items()}
    resources = {
        kept.logical_ids.get(name, name): entry for name, entry in renamed.get("Resources", {}).items()
    }
    for name, properties in kept.names.items():
        if name in resources:
            resources[name] = _named(resources[name], properties)
    return {**renamed, "Resources": resources}


def _matched(
    before: Mapping[str, TemplateResource], after: Mapping[str, TemplateResource], ids: dict[str, str]
) -> dict[str, str]:
    """Rendered logical id -> deployed logical id, for each resource that becomes a deployed one."""
    taken = set(ids.values())
    same = (name for name in after if name not in ids and name in before.keys() - taken)
    ids |= {name: name for name in same if _become(after[name], before[name])}
    for simplify in (_without_random_end, _type_only):
        left_before, left_after = _left(before, ids.values()), _left(after, ids)
        for name, entry in left_after.items():
            mark = simplify(name, entry)
            theirs = [other for other, one in left_before.items() if simplify(other, one) == mark]
            ours = [other for other, one in left_after.items() if simplify(other, one) == mark]
            if len(theirs) == len(ours) == 1 and _become(entry, before[theirs[0]]):
                ids[name] = theirs[0]
    return ids


def _left(resources: Mapping[str, TemplateResource], matched: Iterable[str]) -> dict[str, TemplateResource]:
    taken = set(matched)
    return {name: entry for name, entry in resources.items() if name not in taken}


def _without_random_end(name: str, entry: TemplateResource) -> tuple[str, str]:
    return _type_only(name, entry)[0], _RANDOM_END.sub("", name).lower()


def _type_only(_: str, entry: TemplateResource) -> tuple[str, str]:
    return str(entry.get("Type")), ""


def _become(new: TemplateResource, old: TemplateResource) -> bool:
    """Whether CloudFormation can change the old resource into the new one."""
    if new.get("Type") != old.get("Type") or new.get("Type") in NEVER:
        return False
    by_body = ["Body" in entry.get("Properties", {}) for entry in (new, old)]
    return new.get("Type") != API or by_body[0] == by_body[1]


def _moved_away(
    before: Mapping[str, TemplateResource], after: Mapping[str, TemplateResource], ids: Mapping[str, str]
) -> dict[str, str]:
    """New resources whose id a deployed resource has that they do not become: CloudFormation would take them for it."""
    return {name: f"{name}{NEW}" for name in after if name not in ids and name in before}


def _names(
    before: Mapping[str, TemplateResource],
    after: Mapping[str, TemplateResource],
    ids: Mapping[str, str],
    physical_ids: Mapping[str, str],
) -> dict[str, dict[str, str | None]]:
    names: dict[str, dict[str, str | None]] = {}
    for ours, theirs in ids.items():
        key = NAMES.get(str(after[ours].get("Type")) if ours in after else "")
        if key is not None and theirs in physical_ids:
            chosen = key in before[theirs].get("Properties", {})
            names[theirs] = {key: physical_ids[theirs] if chosen else None}
    return names


def _named(entry: TemplateResource, names: Mapping[str, str | None]) -> TemplateResource:
    properties = {key: value for key, value in entry.get("Properties", {}).items() if key not in names}
    kept = {key: value for key, value in names.items() if value is not None}
    return {**entry, "Properties": {**properties, **kept}}


def _renamed(value: Any, ids: Mapping[str, str]) -> Any:
    """A part of a template with other logical ids in its intrinsics and in DependsOn."""
    match value:
        case {"Ref": str() as name}:
            return {"Ref": ids.get(name, name)}
        case {"Fn::GetAtt": [str() as name, *rest]}:
            return {"Fn::GetAtt": [ids.get(name, name), *rest]}
        case {"Fn::Sub": str() as text}:
            return {"Fn::Sub": _in_sub(text, ids)}
        case {"Fn::Sub": [str() as text, Mapping() as own]}:
            others = {name: new for name, new in ids.items() if name not in own}
            return {"Fn::Sub": [_in_sub(text, others), _renamed(own, ids)]}
        case Mapping():
            return {
                key: _depends_on(part, ids) if key == "DependsOn" else _renamed(part, ids)
                for key, part in value.items()
            }
        case list():
            return [_renamed(part, ids) for part in value]
    return value


def _in_sub(text: str, ids: Mapping[str, str]) -> str:
    return _IN_SUB.sub(lambda found: f"${{{ids.get(found[1], found[1])}{found[2]}}}", text)


def _depends_on(value: Any, ids: Mapping[str, str]) -> Any:
    if isinstance(value, list):
        return [ids.get(name, name) for name in value]
    return ids.get(value, value)
