"""Files beside a template that `sam` or `aws cloudformation package` uploads with it: read as if they stood in it.

A location in a bucket, or one that only the deployment knows, stays what it is.

Sources: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-aws-include.html,
https://docs.aws.amazon.com/cli/latest/reference/cloudformation/package.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from operator import is_
from typing import Any

from accountsctl.doctor.facts.templates.document import TRANSFORM, Document
from accountsctl.formats.cloudformation import read_template

ReadFile = Callable[[str], str | None]
"""The text of a file at a location, relative to the template; None if there is none."""

INCLUDE = "AWS::Include"
IN_FILES = {
    "AWS::Serverless::Api": ("DefinitionUri", "DefinitionBody"),
    "AWS::Serverless::HttpApi": ("DefinitionUri", "DefinitionBody"),
    "AWS::ApiGateway::RestApi": ("BodyS3Location", "Body"),
    "AWS::ApiGatewayV2::Api": ("BodyS3Location", "Body"),
}


def with_included(document: Document, read: ReadFile) -> Document:
    """The document with the files in it that its resources name; what names none is not copied."""
    resources = _filled(document.resources, read)
    filled = {name: _with_own_file(resource, read) for name, resource in resources.items()}
    return replace(document, body={**document.body, "Resources": filled})


def _filled(value: Any, read: ReadFile) -> Any:
    """A value whose inclusions of files are replaced by the files' parts."""
    if isinstance(value, list):
        parts = [_filled(part, read) for part in value]
        return value if all(map(is_, parts, value)) else parts
    if not isinstance(value, dict):
        return value
    filled = {key: _filled(part, read) for key, part in value.items()}
    content = _content(_included(filled.get(TRANSFORM)), read)
    if content is None:
        return value if all(map(is_, filled.values(), value.values())) else filled
    return {**content, **{key: part for key, part in filled.items() if key != TRANSFORM}}


def _included(transform: Any) -> Any:
    """The location that an inclusion names; None if a value includes nothing."""
    if not isinstance(transform, Mapping) or transform.get("Name") != INCLUDE:
        return None
    parameters = transform.get("Parameters")
    return parameters.get("Location") if isinstance(parameters, Mapping) else None


def _with_own_file(resource: Any, read: ReadFile) -> Any:
    """An API's resource with the document in it that a file of its own has."""
    properties = resource.get("Properties") if isinstance(resource, Mapping) else None
    names = IN_FILES.get(str(resource.get("Type"))) if isinstance(resource, Mapping) else None
    if names is None or not isinstance(properties, Mapping) or names[1] in properties:
        return resource
    content = _content(properties.get(names[0]), read)
    if content is None:
        return resource
    others = {key: part for key, part in properties.items() if key != names[0]}
    return {**resource, "Properties": {**others, names[1]: content}}


def _content(location: Any, read: ReadFile) -> Mapping[str, Any] | None:
    """What stands in a file beside the template; None if no such file can be read."""
    if not isinstance(location, str) or "://" in location or "${" in location:
        return None
    text = read(location)
    found = read_template(text, location, packaged=True) if text is not None else None
    return found.value if found is not None and found.complete and isinstance(found.value, Mapping) else None
