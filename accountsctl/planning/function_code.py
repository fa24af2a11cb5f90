"""Where the templates say which code functions have: the object in the deployment bucket, by its key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from accountsctl.model.names import BUCKET_LOGICAL_ID, WATCH_MARK
from accountsctl.model.template_body import TemplateBody, nested_stacks, references

FUNCTION = "AWS::Lambda::Function"


def is_marked(root: TemplateBody) -> bool:
    """Whether `push --watch` may have updated function code past this root."""
    return WATCH_MARK in root.get("Resources", {})


def code_keys(root: TemplateBody, stack: str, template: TemplateBody) -> dict[str, str]:
    """The functions of a nested stack whose code is in the root's own bucket: logical id -> key."""
    given = nested_stacks(root).get(stack, {}).get("Properties", {}).get("Parameters", {})
    found = {}
    for name, resource in template.get("Resources", {}).items():
        if resource.get("Type") == FUNCTION:
            code = resource.get("Properties", {}).get("Code", {})
            key, bucket = (_given(code.get(part), given) for part in ("S3Key", "S3Bucket"))
            if isinstance(key, str) and bucket == {"Ref": BUCKET_LOGICAL_ID}:
                found[name] = key
    return found


def differ_in_code_only(old: TemplateBody, new: TemplateBody, templates: Mapping[str, TemplateBody]) -> bool:
    """Whether two roots differ in nothing but which code the functions have. `templates` are the new nested ones."""
    before, after = old.get("Resources", {}), new.get("Resources", {})
    if {**old, "Resources": {}} != {**new, "Resources": {}} or before.keys() != after.keys():
        return False
    return all(
        before[name] == after[name]
        or _without_code(before[name], templates.get(name, {}))
        == _without_code(after[name], templates.get(name, {}))
        for name in after
    )


def _without_code(stack: TemplateBody, template: TemplateBody) -> TemplateBody:
    """A nested stack's entry without the parameters that only say where the code of functions is."""
    properties = stack.get("Properties", {})
    parameters = properties.get("Parameters", {})
    keys = set(_code_parameters(template))
    kept = {name: value for name, value in parameters.items() if name not in keys}
    return {**stack, "Properties": {**properties, "Parameters": kept}}


def _code_parameters(template: TemplateBody) -> Iterator[str]:
    resources = {
        name: resource if resource.get("Type") != FUNCTION else _without_key(resource)
        for name, resource in template.get("Resources", {}).items()
    }
    elsewhere = {name.strip() for name in references({**template, "Resources": resources})}
    for resource in template.get("Resources", {}).values():
        if resource.get("Type") == FUNCTION:
            key = resource.get("Properties", {}).get("Code", {}).get("S3Key")
            if isinstance(key, Mapping) and key.get("Ref") and key["Ref"] not in elsewhere:
                yield str(key["Ref"])


def _without_key(function: TemplateBody) -> TemplateBody:
    properties = function.get("Properties", {})
    code = {name: value for name, value in properties.get("Code", {}).items() if name != "S3Key"}
    return {**function, "Properties": {**properties, "Code": code}}


def _given(value: object, parameters: Mapping[str, object]) -> object:
    """A value, or what the root passes for the parameter that stands for it."""
    return parameters.get(str(value["Ref"])) if isinstance(value, Mapping) and "Ref" in value else value
