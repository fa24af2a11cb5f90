"""A root template with its nested stacks, evaluated as one: an output of one is the parameter of another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from accountsctl.model.template_body import STACK, TemplateBody, TemplateResource, nested_stacks
from accountsctl.planning.evaluation import StackScope
from accountsctl.planning.values import MISSING, Address, Computed, Value

ROOT = ""
"""The root stack's place in an `Address`."""
NOT_COMPARED = ("Condition", "Properties", "Type")
TemplateOf = Callable[[str], TemplateBody]
"""Logical id of a nested stack -> its template."""


@dataclass(frozen=True)
class EvaluatedResource:
    """A resource with its values worked out.

    `exists` is True or the condition that only AWS can decide; `attributes` are the others than its properties,
    as ``DeletionPolicy``; `source` is the resource as the template has it.
    """

    type: str
    properties: Value
    attributes: Mapping[str, Value]
    exists: Value
    source: TemplateResource


@dataclass
class EvaluatedTree:
    """The stacks of one environment, deployed or to be deployed. `given` are the root's parameters."""

    root: TemplateBody
    template_of: TemplateOf
    given: Mapping[str, Value]
    known: Mapping[str, str]
    _scopes: dict[str, StackScope] = field(default_factory=dict)

    def resources(self, stack: str) -> dict[Address, EvaluatedResource]:
        """The resources that one stack has: those whose condition is not known to be false."""
        scope = self._scope(stack)
        found = scope.body.get("Resources", {})
        evaluated = ((Address(stack, name), _evaluated(scope, resource)) for name, resource in found.items())
        return {address: resource for address, resource in evaluated if resource.exists is not False}

    def nested(self) -> dict[str, TemplateResource]:
        """The nested stacks of the root by logical id."""
        return nested_stacks(self.root)

    def _scope(self, stack: str) -> StackScope:
        if stack not in self._scopes:
            self._scopes[stack] = self._root_scope() if stack == ROOT else self._nested_scope(stack)
        return self._scopes[stack]

    def _root_scope(self) -> StackScope:
        return StackScope(ROOT, self.root, self.given, self.known, self._output)

    def _nested_scope(self, stack: str) -> StackScope:
        passed = self.nested()[stack].get("Properties", {}).get("Parameters", {})
        given = self._scope(ROOT).value(passed)
        known = {name: value for name, value in self.known.items() if name != "AWS::StackName"}
        return StackScope(
            stack, self.template_of(stack), given if isinstance(given, dict) else {}, known, _unread
        )

    def _output(self, stack: str, name: str) -> Value:
        """The value of a nested stack's output; Computed if its template does not tell."""
        if stack not in self.nested():
            return _unread(stack, name)
        value = self._scope(stack).output(name)
        return _unread(stack, name) if value is MISSING else value


def without_nested(
    resources: Mapping[Address, EvaluatedResource],
) -> Iterator[tuple[Address, EvaluatedResource]]:
    """The root's resources that are not nested stacks."""
    return ((address, resource) for address, resource in resources.items() if resource.type != STACK)


def _unread(stack: str, name: str) -> Value:
    return Computed("Fn::GetAtt", [stack, f"Outputs.{name}"])


def _evaluated(scope: StackScope, resource: TemplateResource) -> EvaluatedResource:
    others = {key: scope.value(item) for key, item in resource.items() if key not in NOT_COMPARED}
    properties = scope.value(resource.get("Properties", {}))
    kind = str(resource.get("Type", ""))
    return EvaluatedResource(kind, properties, others, scope.exists(resource), resource)
