"""Evaluate a template's values: Ref, GetAtt, conditions; the functions are in `intrinsic_functions`.

One `Evaluator` serves one stack at one moment. While a change set is planned some values cannot be
known (the id of a resource that does not exist yet); these become `UNKNOWN`, which every function
passes on. While a stack is deployed there is no UNKNOWN: a missing value is then an error.

Dynamic references are left as text, see `dynamic`.
See https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
"""

from __future__ import annotations

import json
import uuid

from accountsctl.localcloud.cloudformation.errors import CloudFormationError
from accountsctl.localcloud.cloudformation.template import functions
from accountsctl.localcloud.cloudformation.template.function_shapes import SHAPES
from accountsctl.localcloud.cloudformation.template.functions import UNKNOWN
from accountsctl.localcloud.cloudformation.template.intrinsic_functions import FUNCTIONS
from accountsctl.localcloud.cloudformation.template.members import is_custom
from accountsctl.localcloud.cloudformation.template.parsing import ParsedTemplate
from accountsctl.localcloud.cloudformation.template.scope import NO_VALUE, Known, Scope, TemplateValue
from accountsctl.localcloud.contracts.lookups import ACCOUNT, PARTITION


class Evaluator:
    """Values of one template. The caller adds each resource to `known` once it exists."""

    def __init__(self, template: ParsedTemplate, scope: Scope) -> None:
        self.template = template
        self.scope = scope
        self.known: dict[str, Known] = {}
        self.imports: set[str] = set()
        self._conditions: dict[str, bool] = {}
        self._pseudo: dict[str, TemplateValue] = {
            "AWS::AccountId": ACCOUNT,
            "AWS::NoValue": NO_VALUE,
            "AWS::NotificationARNs": list(scope.notification_arns),
            "AWS::Partition": PARTITION,
            "AWS::Region": scope.region,
            "AWS::StackId": scope.stack_id,
            "AWS::StackName": scope.stack_name,
            "AWS::URLSuffix": "amazonaws.com",
        }

    def value(self, expression: TemplateValue) -> TemplateValue:
        """The value of `expression`; members that are AWS::NoValue are left out."""
        if isinstance(expression, list):
            values = (self.value(item) for item in expression)
            return [value for value in values if value is not NO_VALUE]
        if not isinstance(expression, dict):
            return expression
        if len(expression) == 1:
            ((key, argument),) = expression.items()
            if key == "Ref":
                return self.ref(argument)
            if isinstance(key, str) and key.startswith("Fn::"):
                return self._call(key.removeprefix("Fn::"), argument)
        members = ((key, self.value(inner)) for key, inner in expression.items())
        return {key: value for key, value in members if value is not NO_VALUE}

    def holds(self, name: str) -> bool:
        """Whether the named condition is true; it exists, and depends on no circle, or `graph` has refused it."""
        if name not in self._conditions:
            self._conditions[name] = self._test(self.template.conditions[name])
        return self._conditions[name]

    def ref(self, name: TemplateValue) -> TemplateValue:
        """What ``{"Ref": name}`` is."""
        if not isinstance(name, str):
            raise CloudFormationError("Template format error: All References must be of type string.")
        if name in self._pseudo:
            return self._pseudo[name]
        if name in self.scope.parameters:
            return self.scope.parameters[name]
        if name in self.known:
            return self.known[name].physical_id
        if self.scope.planning and name in self.template.resources:
            return UNKNOWN
        raise CloudFormationError(
            f"Template format error: Unresolved resource dependencies [{name}] in the Resources block of "
            "the template"
        )

    def attribute(self, name: str, attribute: str) -> TemplateValue:
        """What ``{"Fn::GetAtt": [name, attribute]}`` is."""
        if name not in self.template.resources:
            raise CloudFormationError(
                f"Template error: instance of Fn::GetAtt references undefined resource {name}"
            )
        attributes = self.known[name].attributes if name in self.known else {}
        if attribute in attributes:
            return attributes[attribute]
        if self.scope.planning and name not in self.known:
            return UNKNOWN
        if name in self.known and attribute.startswith("Outputs."):
            output = attribute.removeprefix("Outputs.")
            raise CloudFormationError(
                f"Output '{output}' not found in stack '{self.known[name].physical_id}'"
            )
        if name in self.known and is_custom(str(self.template.resources[name].get("Type"))):
            raise CloudFormationError(
                f"CustomResource attribute error: Vendor response doesn't contain {attribute} attribute in object "
                f"{self.scope.stack_id}|{name}|{uuid.uuid4()} in S3 bucket cloudformation-custom-resource-storage-"
                f"{self.scope.region.replace('-', '')}"
            )
        raise CloudFormationError(f"Attribute '{attribute}' does not exist")

    def _test(self, condition: TemplateValue) -> bool:
        ((key, argument),) = condition.items()
        match key:
            case "Condition":
                return self.holds(argument)
            case "Fn::Equals":
                left, right = self.value(argument)
                return functions.equal(left, right)
            case "Fn::Not":
                return not self._test(argument[0])
            case "Fn::And":
                return all(self._test(part) for part in argument)
            case "Fn::Or":
                return any(self._test(part) for part in argument)
            case _:
                raise CloudFormationError(
                    "Template format error: Conditions can only be boolean operations on parameters and other "
                    "conditions"
                )

    def _call(self, name: str, argument: TemplateValue) -> TemplateValue:
        if name not in FUNCTIONS:
            raise CloudFormationError(f"Template error: unsupported intrinsic function: Fn::{name}")
        try:
            return FUNCTIONS[name](self, argument)
        except (TypeError, ValueError, IndexError, KeyError, AttributeError) as error:
            known = SHAPES.get(f"Fn::{name}")
            given = json.dumps(argument, default=str)[:200]
            raise CloudFormationError(
                f"Template error: {known[1]}" if known else f"Template error: malformed Fn::{name}: {given}"
            ) from error
