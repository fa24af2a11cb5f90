"""What a template's transforms make of it: AWS's own, and macros, which are functions of the account.

Parts of a template that name one (Fn::Transform) come first, the innermost before the others; then the
template's own, in the order in which it lists them.
See https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-macros-overview.html
"""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from accountsctl.localcloud.cloudformation.errors import CloudFormationError, TransformError
from accountsctl.localcloud.cloudformation.runtime.artifacts import read_part
from accountsctl.localcloud.cloudformation.runtime.stack_runtime import StackRuntime
from accountsctl.localcloud.cloudformation.runtime.state import MACRO_TYPE, new_id
from accountsctl.localcloud.cloudformation.template import serverless
from accountsctl.localcloud.cloudformation.template.functions import unknown_within
from accountsctl.localcloud.cloudformation.template.intrinsics import Evaluator
from accountsctl.localcloud.cloudformation.template.loops import Loops
from accountsctl.localcloud.cloudformation.template.parsing import (
    INCLUDE,
    LANGUAGE_EXTENSIONS,
    SERVERLESS,
    TRANSFORM,
    ParsedTemplate,
    check_body,
    parse,
)
from accountsctl.localcloud.cloudformation.template.scope import Scope, TemplateValue
from accountsctl.localcloud.contracts.lookups import ACCOUNT

Body = dict[str, TemplateValue]


def expand(
    runtime: StackRuntime, template: ParsedTemplate, given: Mapping[str, TemplateValue], scope: Scope
) -> ParsedTemplate:
    """The template that can be deployed; raises TransformError, or CloudFormationError for what it makes.

    `given` are the values that the caller gave, `scope` has those of all parameters.
    """
    transforms = _Transforms(runtime, scope)
    body = transforms.parts(copy.deepcopy(dict(template.body)), template)
    for entry in template.declared_transforms:
        current = ParsedTemplate(template.text, body)
        name = str(entry["Name"])
        if name == SERVERLESS:
            made = serverless.expand(
                current, given, scope.region, lambda: runtime.managed_policies(scope.region)
            )
            body = {"Transform": template.body["Transform"], **made.body}
        elif name == LANGUAGE_EXTENSIONS:
            body = Loops(Evaluator(current, scope).value).expand(body)
        else:
            fragment = {key: value for key, value in body.items() if key != "Transform"}
            made = transforms.result(entry, fragment, current)
            if not isinstance(made, dict):
                raise TransformError(name, "Template format error: unsupported structure.", complete=True)
            body = {**made, "Transform": template.body["Transform"]}
    body.pop("Transform", None)
    if LANGUAGE_EXTENSIONS in template.transforms:
        body["Transform"] = LANGUAGE_EXTENSIONS
    check_body(body)
    return ParsedTemplate(template.text, body)


class _Transforms:
    """Runs transforms over templates and parts of templates."""

    def __init__(self, runtime: StackRuntime, scope: Scope) -> None:
        self._runtime = runtime
        self._scope = scope

    def parts(self, node: TemplateValue, template: ParsedTemplate) -> TemplateValue:
        """`node` with each part of it that names a transform replaced by what that makes of it."""
        if isinstance(node, list):
            return [self.parts(item, template) for item in node]
        if not isinstance(node, dict):
            return node
        members = {key: self.parts(inner, template) for key, inner in node.items() if key != TRANSFORM}
        entries = node.get(TRANSFORM, [])
        for entry in entries if isinstance(entries, list) else [entries]:
            described = entry if isinstance(entry, dict) else {"Name": entry}
            members = self.result(described, members, template)
        return members

    def result(self, entry: Mapping[str, TemplateValue], fragment: Body, template: ParsedTemplate) -> Any:
        """What one transform makes of a fragment."""
        name = entry.get("Name")
        if not isinstance(name, str):
            raise CloudFormationError("Key Name of transform definition must be a string.")
        given = Evaluator(template, self._scope).value(entry.get("Parameters") or {})
        if not isinstance(given, dict):
            raise CloudFormationError("Key Parameters of transform definition must be an object.")
        if name == INCLUDE:
            return {**fragment, **self._included(given)}
        return self._processed(name, given, fragment)

    def _included(self, given: Mapping[str, TemplateValue]) -> Body:
        location = str(given.get("Location", ""))
        try:
            return parse(read_part(location, self._runtime.clients, self._scope.region))
        except CloudFormationError as error:
            raise TransformError(INCLUDE, str(error)) from error

    def _processed(self, name: str, given: Mapping[str, TemplateValue], fragment: Body) -> Any:
        """The fragment that a macro's function returns."""
        function = self._function(name)
        transform = f"{ACCOUNT}::{name}"
        known = {key: value for key, value in self._scope.parameters.items() if not unknown_within(value)}
        event = {
            "region": self._scope.region,
            "accountId": ACCOUNT,
            "fragment": fragment,
            "transformId": transform,
            "params": given,
            "requestId": new_id(),
            "templateParameterValues": known,
        }
        client = self._runtime.clients("lambda", self._scope.region)
        try:
            with self._runtime.turns.in_macro():
                done = client.invoke(FunctionName=function, Payload=json.dumps(event).encode())
        except ClientError as error:
            # The function may have been deleted, or changed so that Lambda refuses to invoke it.
            raise TransformError(transform, error.response["Error"].get("Message", "")) from error
        payload = done["Payload"].read()
        if "FunctionError" in done:
            raise self._malformed(transform)
        try:
            answer = json.loads(payload)
            status, made = str(answer["status"]), answer.get("fragment")
        except (ValueError, KeyError, TypeError) as error:
            raise self._malformed(transform) from error
        if status.lower() != "success":
            raise TransformError(transform, str(answer.get("errorMessage") or ""))
        if answer.get("requestId") != event["requestId"] or made is None:
            raise self._malformed(transform)
        return made

    def _malformed(self, transform: str) -> TransformError:
        """The error of an answer that cannot be read, that of a function which raised too."""
        return TransformError(
            transform, f"Received malformed response from transform {transform}", complete=True
        )

    def _function(self, name: str) -> str:
        """The function of the macro of this name, which a stack of the region has created."""
        with self._runtime.store.lock:
            for stack in self._runtime.store.stacks.values():
                for record in stack.resources.values() if stack.region == self._scope.region else ():
                    if record.exists and record.type == MACRO_TYPE and record.physical_id == name:
                        return str(record.properties["FunctionName"])
        shown = name if name.startswith("AWS::") else f"{ACCOUNT}::{name}"
        raise TransformError(shown, f"No transform named {shown} found.", complete=True)
