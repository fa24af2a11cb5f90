"""Which resources there are under the conditions, what each waits for, and whether all of it hangs together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from accountsctl.localcloud.cloudformation.errors import CloudFormationError
from accountsctl.localcloud.cloudformation.template.intrinsics import Evaluator
from accountsctl.localcloud.cloudformation.template.parsing import ParsedTemplate
from accountsctl.localcloud.cloudformation.template.references import references
from accountsctl.localcloud.cloudformation.template.scope import PSEUDO_PARAMETERS, TemplateValue

Definitions = Mapping[str, Mapping[str, TemplateValue]]
"""The members of a template's Resources section, by logical id."""
Readable = Callable[[str, str], bool]


@dataclass(frozen=True)
class Graph:
    """`resources`: those whose condition holds. `edges[a]`: what must exist before a. `order`: one that fits."""

    resources: Definitions
    edges: Mapping[str, frozenset[str]]
    order: tuple[str, ...]


def build(evaluator: Evaluator, readable: Readable) -> Graph:
    """The dependency graph; raises CloudFormationError for what points nowhere, or in a circle."""
    template = evaluator.template
    _check_conditions(template)
    for name in template.conditions:
        evaluator.holds(name)
    _check_names(template, readable)
    resources = {
        name: definition
        for name, definition in template.resources.items()
        if "Condition" not in definition or evaluator.holds(definition["Condition"])
    }
    edges = {name: _edges(name, resources, evaluator) for name in resources}
    _check_outputs(evaluator, resources)
    return Graph(resources, edges, _order(edges))


def check(template: ParsedTemplate, readable: Readable) -> None:
    """Raise CloudFormationError for what points nowhere, or in a circle, whatever the parameters are."""
    _check_conditions(template)
    _check_names(template, readable)
    if not template.conditions:  # which may keep apart what looks like a circle
        _order({name: _targets(definition, template) for name, definition in template.resources.items()})


def _targets(definition: Mapping[str, TemplateValue], template: ParsedTemplate) -> frozenset[str]:
    found = {target for target, _ in references(definition.get("Properties"))}
    return frozenset((found | set(depends_on(definition))) & set(template.resources))


def depends_on(definition: Mapping[str, TemplateValue]) -> list[str]:
    """`DependsOn`, always as a list."""
    declared = definition.get("DependsOn") or []
    return [declared] if isinstance(declared, str) else list(declared)


def _check_conditions(template: ParsedTemplate) -> None:
    found = {name for condition in template.conditions.values() for name, _ in references(condition)}
    unresolved = sorted(found - set(template.parameters) - PSEUDO_PARAMETERS)
    if unresolved:
        raise CloudFormationError(
            f"Template format error: Unresolved dependencies [{', '.join(unresolved)}]. Cannot reference resources in "
            "the Conditions block of the template"
        )
    _check_circles(template)
    for block, members in (("Resources", template.resources), ("Outputs", template.outputs)):
        for member in members.values():
            if "Condition" in member and member["Condition"] not in template.conditions:
                raise CloudFormationError(
                    f"Template format error: Unresolved condition dependency {member['Condition']} in the {block} "
                    "block of the template"
                )


def _check_circles(template: ParsedTemplate) -> None:
    uses = {name: set(_conditions_in(condition)) for name, condition in template.conditions.items()}
    unresolved = sorted(set().union(*uses.values()) - set(uses))
    if unresolved:
        raise CloudFormationError(
            f"Template format error: Unresolved condition dependency {unresolved[0]} in the Conditions block of the "
            "template"
        )
    try:
        TopologicalSorter(uses).prepare()
    except CycleError as error:
        circle = sorted(set(error.args[1]))
        raise CloudFormationError(
            f"Template format error: Circular dependency between conditions: [{', '.join(circle)}]"
        ) from error


def _conditions_in(expression: TemplateValue) -> Iterator[str]:
    """The conditions that a condition is made of."""
    if isinstance(expression, list):
        for part in expression:
            yield from _conditions_in(part)
    elif isinstance(expression, Mapping):
        for key, inner in expression.items():
            if key == "Condition" and isinstance(inner, str):
                yield inner
            else:
                yield from _conditions_in(inner)


def _check_names(template: ParsedTemplate, readable: Readable) -> None:
    missing: set[str] = set()
    for definition in template.resources.values():
        missing |= {other for other in depends_on(definition) if other not in template.resources}
        found = references(
            [definition.get("Properties"), definition.get("Metadata"), definition.get("DeletionPolicy")]
        )
        for target, attribute in found:
            missing |= _unresolved(template, readable, target, attribute)
    if missing:
        raise CloudFormationError(
            f"Template format error: Unresolved resource dependencies [{', '.join(sorted(missing))}] in the "
            "Resources block of the template"
        )
    for output in template.outputs.values():
        for target, attribute in references(output):
            missing |= _unresolved(template, lambda *_: True, target, attribute)
    if missing:
        raise CloudFormationError(
            f"Template format error: Unresolved resource dependencies [{', '.join(sorted(missing))}] in the "
            "Outputs block of the template"
        )


def unreadable_output(template: ParsedTemplate, readable: Readable) -> str | None:
    """Why an output cannot be worked out whatever is made; CloudFormation finds it when it begins to deploy."""
    for name, output in template.outputs.items():
        for target, attribute in references(output):
            kind = str(template.resources.get(target, {}).get("Type"))
            if attribute is not None and not readable(kind, attribute):
                place = f"/Outputs/{name}/Value/Fn::GetAtt"
                return f"[Error] {place}: Resource type {kind} does not support attribute {{{attribute}}}"
    return None


def _unresolved(template: ParsedTemplate, readable: Readable, target: str, attribute: str | None) -> set[str]:
    if attribute is None:
        return {target} - PSEUDO_PARAMETERS - set(template.parameters) - set(template.resources)
    if target not in template.resources:
        raise CloudFormationError(
            f"Template error: instance of Fn::GetAtt references undefined resource {target}"
        )
    if not readable(str(template.resources[target]["Type"]), attribute):
        raise CloudFormationError(
            f"Template error: resource {target} does not support attribute type {attribute} in Fn::GetAtt"
        )
    return set()


def _edges(name: str, resources: Definitions, evaluator: Evaluator) -> frozenset[str]:
    definition = resources[name]
    found = {target for target, _ in references(definition.get("Properties"), evaluator.holds)}
    _check_present(found, resources, evaluator.template, "Resources")
    wanted = found | set(depends_on(definition))
    return frozenset(target for target in wanted if target in resources)


def _check_outputs(evaluator: Evaluator, resources: Definitions) -> None:
    for output in evaluator.template.outputs.values():
        if "Condition" in output and not evaluator.holds(output["Condition"]):
            continue
        found = {target for target, _ in references(output, evaluator.holds)}
        _check_present(found, resources, evaluator.template, "Outputs")


def _check_present(found: set[str], resources: Definitions, template: ParsedTemplate, block: str) -> None:
    absent = sorted(name for name in found if name in template.resources and name not in resources)
    if absent:
        # As recorded: only the message about resources has the prefix.
        prefix = "Template format error: " if block == "Resources" else ""
        raise CloudFormationError(
            f"{prefix}Unresolved resource dependencies [{', '.join(absent)}] in the {block} "
            "block of the template"
        )


def _order(edges: Mapping[str, frozenset[str]]) -> tuple[str, ...]:
    try:
        return tuple(TopologicalSorter({name: sorted(edges[name]) for name in edges}).static_order())
    except CycleError as error:
        circle = sorted(set(error.args[1]))
        raise CloudFormationError(f"Circular dependency between resources: [{', '.join(circle)}]") from error
