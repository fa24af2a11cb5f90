"""The section Rules: what parameters must be to each other, asserted before anything is created.

See https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/rules-section-structure.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from accountsctl.localcloud.cloudformation.errors import CloudFormationError
from accountsctl.localcloud.cloudformation.template.functions import UNKNOWN, equal, unknown_within
from accountsctl.localcloud.cloudformation.template.parsing import ParsedTemplate
from accountsctl.localcloud.cloudformation.template.references import references
from accountsctl.localcloud.cloudformation.template.scope import PSEUDO_PARAMETERS, TemplateValue

Value = Callable[[TemplateValue], TemplateValue]
NOT_PLAYED = ("Fn::ValueOf", "Fn::ValueOfAll")
LOGICAL = (
    "Fn::And",
    "Fn::Contains",
    "Fn::EachMemberEquals",
    "Fn::EachMemberIn",
    "Fn::Equals",
    "Fn::Not",
    "Fn::Or",
)


def check_rules(template: ParsedTemplate) -> None:
    """Raise CloudFormationError for a rule that is malformed."""
    for name, rule in template.rules.items():
        assertions = rule.get("Assertions") if isinstance(rule, Mapping) else None
        if not isinstance(assertions, list) or not assertions:
            raise CloudFormationError(f"Template format error: Rule {name} must have a list of Assertions.")
        conditions = [rule["RuleCondition"]] if "RuleCondition" in rule else []
        for assertion in assertions:
            if not isinstance(assertion, Mapping) or "Assert" not in assertion:
                raise CloudFormationError(
                    f"Template format error: Every member of Assertions of rule {name} must contain an Assert."
                )
            conditions.append(assertion["Assert"])
        for target, _ in references(conditions):
            if target not in template.parameters and target not in PSEUDO_PARAMETERS:
                raise CloudFormationError(
                    f"Template format error: Unresolved dependencies [{target}]. Cannot reference resources in the "
                    "Rules block of the template"
                )


def assert_rules(template: ParsedTemplate, value: Value) -> None:
    """Raise CloudFormationError with the description of the first assertion that does not hold."""
    check_rules(template)
    rules = _Rules(template, value)
    for name, rule in template.rules.items():
        if "RuleCondition" in rule and not rules.holds(rule["RuleCondition"]):
            continue
        for assertion in rule["Assertions"]:
            if rules.holds(assertion["Assert"]) is False:
                why = assertion.get("AssertDescription") or f"An assertion of rule {name} does not hold."
                raise CloudFormationError(str(why))


class _Rules:
    """Evaluates the functions of rules; None is what is not known yet, in a nested stack's plan."""

    def __init__(self, template: ParsedTemplate, value: Value) -> None:
        self._template = template
        self._value = value

    def holds(self, expression: TemplateValue) -> bool | None:
        if not isinstance(expression, Mapping) or len(expression) != 1:
            raise CloudFormationError("Template format error: Rules must be boolean functions.")
        ((name, argument),) = expression.items()
        if name not in LOGICAL:
            raise CloudFormationError(f"Template format error: {name} is not a boolean function of rules.")
        if not isinstance(argument, list) or (name != "Fn::Not" and len(argument) < 2):
            raise CloudFormationError(f"Template error: {name} of a rule requires a list of arguments.")
        match name:
            case "Fn::And":
                return _decided([self.holds(part) for part in argument], by=False)
            case "Fn::Or":
                return _decided([self.holds(part) for part in argument], by=True)
            case "Fn::Not":
                inner = self.holds(argument[0])
                return None if inner is None else not inner
        return self._compare(name, self._operand(argument[0]), self._operand(argument[1]))

    def _compare(self, name: str, left: TemplateValue, right: TemplateValue) -> bool | None:
        if unknown_within(left) or unknown_within(right):
            return None
        match name:
            case "Fn::Equals":
                return equal(left, right)
            case "Fn::Contains":
                return _is_in(right, left)
            case "Fn::EachMemberEquals":
                return all(equal(member, right) for member in _listed(left))
            case _:
                return all(_is_in(member, right) for member in _listed(left))

    def _operand(self, expression: TemplateValue) -> TemplateValue:
        if isinstance(expression, list):
            return [self._operand(item) for item in expression]
        if isinstance(expression, Mapping) and len(expression) == 1:
            ((name, argument),) = expression.items()
            if name in NOT_PLAYED:
                raise CloudFormationError(f"The embedded cloud does not imitate {name} in rules.")
            if name == "Fn::RefAll":
                return self._of_type(argument)
        return self._value(expression)

    def _of_type(self, kind: TemplateValue) -> list[TemplateValue]:
        """The values of all parameters of a type."""
        found: list[TemplateValue] = []
        for name, definition in self._template.parameters.items():
            if definition["Type"] in (kind, f"List<{kind}>"):
                found += _listed(self._value({"Ref": name}))
        return found


def _decided(parts: list[bool | None], *, by: bool) -> bool | None:
    """What And or Or of these is: one part that is `by` decides, else one that is not known leaves it open."""
    if by in parts:
        return by
    return None if None in parts else not by


def _is_in(member: TemplateValue, values: TemplateValue) -> bool:
    return any(equal(member, value) for value in _listed(values))


def _listed(value: TemplateValue) -> list[TemplateValue]:
    return value if isinstance(value, list) else [] if value is UNKNOWN else [value]
