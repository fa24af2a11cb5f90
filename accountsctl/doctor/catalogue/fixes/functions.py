"""Fixes of the function behind a method: who may invoke it, and how often at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from accountsctl.doctor.catalogue.fixes.operation import REMOVE, FixOperation, TemplateBody
from accountsctl.doctor.catalogue.scene import Scene

_ALIAS = re.compile(r"\}:([\w-]+)(?:/|$)")
"""The alias or version after a reference to a function."""


def add_permission(scene: Scene, template: TemplateBody) -> Iterator[FixOperation]:
    """A permission for the function that the integration calls, named as another permission or the URI names it.

    None for an integration that calls it by a role: a permission would not be asked for.
    """
    if scene.integration is not None and scene.integration.role:
        return
    rest = next(iter(sorted(scene.api.refs, key=len)), None)
    name = _function_reference(scene, template)
    if rest is None or name is None:
        return
    made = {
        "Type": "AWS::Lambda::Permission",
        "Properties": {
            "Action": "lambda:InvokeFunction",
            "FunctionName": name,
            "Principal": "apigateway.amazonaws.com",
            "SourceArn": _source_arn(rest),
        },
    }
    yield FixOperation("/Resources/InvokePermission", made)


def _source_arn(rest: str) -> dict[str, str]:
    area = "${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}"
    return {"Fn::Sub": f"arn:{area}:${{{rest}}}/*/*/*"}


def _function_reference(scene: Scene, template: TemplateBody) -> Any:
    """How the template can name the function: the resource, or a parameter that holds its name or ARN."""
    key = scene.function.key if scene.function else ""
    if key in template["Resources"]:
        alias = _ALIAS.search(scene.integration.uri if scene.integration else "")
        return {"Fn::Sub": f"${{{key}}}:{alias[1]}"} if alias else {"Ref": key}
    bare = key.replace("/", "")
    for suffix in ("Name", "Arn", ""):
        if f"{bare}{suffix}" in (template.get("Parameters") or {}):
            return {"Ref": f"{bare}{suffix}"}
    return None


def set_source_arn(scene: Scene, template: TemplateBody) -> Iterator[FixOperation]:
    rest = next(iter(sorted(scene.api.refs, key=len)), None)
    for permission in (scene.function.permissions or ()) if scene.function else ():
        if rest is not None and permission.place.pointer.rpartition("/")[2] in template["Resources"]:
            yield FixOperation(f"{permission.place.pointer}/Properties/SourceArn", _source_arn(rest))


def remove_concurrency_limit(scene: Scene, template: TemplateBody) -> Iterator[FixOperation]:
    name = scene.function.place.pointer.rpartition("/")[2] if scene.function else ""
    if name in template["Resources"]:
        yield FixOperation(f"/Resources/{name}/Properties/ReservedConcurrentExecutions", REMOVE)
