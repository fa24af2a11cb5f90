"""From what a caller submitted to what can be deployed: the checks that come before anything is touched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from accountsctl.localcloud.cloudformation.errors import CloudFormationError
from accountsctl.localcloud.cloudformation.planning import transforms
from accountsctl.localcloud.cloudformation.planning.other_stacks import stack_output
from accountsctl.localcloud.cloudformation.planning.parameter_types import check_existence
from accountsctl.localcloud.cloudformation.resource_schemas.schemas import is_resource_type
from accountsctl.localcloud.cloudformation.runtime.shapes import (
    ChangeSetRequest,
    RollbackConfiguration,
    TemplateValue,
)
from accountsctl.localcloud.cloudformation.runtime.stack_runtime import StackRuntime
from accountsctl.localcloud.cloudformation.runtime.state import STACK_TYPE, Definition, Stack
from accountsctl.localcloud.cloudformation.template import (
    function_shapes,
    graph,
    parameters,
    rules,
    serverless,
)
from accountsctl.localcloud.cloudformation.template.dynamic import refuse_secure_references
from accountsctl.localcloud.cloudformation.template.functions import UNKNOWN
from accountsctl.localcloud.cloudformation.template.intrinsics import Evaluator
from accountsctl.localcloud.cloudformation.template.members import check_export_name
from accountsctl.localcloud.cloudformation.template.parsing import ParsedTemplate, load
from accountsctl.localcloud.cloudformation.template.scope import Scope

AUTO_EXPAND = "CAPABILITY_AUTO_EXPAND"
IAM_NAMES = {
    "AWS::IAM::AccessKey": None,
    "AWS::IAM::Group": "GroupName",
    "AWS::IAM::InstanceProfile": "InstanceProfileName",
    "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
    "AWS::IAM::Policy": None,
    "AWS::IAM::Role": "RoleName",
    "AWS::IAM::User": "UserName",
    "AWS::IAM::UserToGroupAddition": None,
}


@dataclass(frozen=True)
class Submission:
    """What a caller wants a stack to be. `given` are parameter values as text, under their names.

    `adopts` is ImportExistingResources of the change set. What is `reviewed` is shown in a change set before it is
    deployed, so that it needs no permission for what a transform makes. `notifications` and `rollback` are None if the
    stack keeps what it has.
    """

    template: ParsedTemplate
    given: Mapping[str, TemplateValue] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    capabilities: list[str] = field(default_factory=list)
    adopts: bool = False
    reviewed: bool = False
    notifications: list[str] | None = None
    rollback: RollbackConfiguration | None = None

    @property
    def granted(self) -> list[str]:
        """The capabilities that the caller gave, or need not give."""
        return [*self.capabilities, *([AUTO_EXPAND] if self.reviewed else [])]

    def dump(self) -> ChangeSetRequest:
        """The submission as JSON; a parameter value that is not known yet becomes AWS's text for it."""
        return {
            "text": self.template.text,
            "given": {name: str(value) for name, value in self.given.items()},
            "tags": dict(self.tags),
            "capabilities": list(self.capabilities),
            "adopts": self.adopts,
            "reviewed": self.reviewed,
            "notifications": self.notifications,
            "rollback": self.rollback,
        }

    @classmethod
    def parse(cls, data: ChangeSetRequest) -> Submission:
        """The submission that `dump` wrote."""
        return cls(
            load(data["text"]),
            data["given"],
            data["tags"],
            data["capabilities"],
            data.get("adopts", False),
            data.get("reviewed", False),
            data.get("notifications"),
            data.get("rollback"),
        )


@dataclass(frozen=True)
class Prepared:
    """A submission that passed: the graph under its conditions, and the evaluator of its values."""

    submission: Submission
    template: ParsedTemplate
    evaluator: Evaluator
    graph: graph.Graph
    definition: Definition


def prepare(
    runtime: StackRuntime,
    stack: Stack,
    submission: Submission,
    *,
    planning: bool = False,
    change_set: bool = False,
) -> Prepared:
    """Check a submission for `stack`; raises CloudFormationError as the API answers it."""
    template = submission.template
    check_capabilities(template, submission.granted)

    def scope_of(current: ParsedTemplate) -> Scope:
        values = parameters.resolve(current, submission.given, partial(runtime.read_ssm, region=stack.region))
        return replace(_scope(runtime, stack, submission, values), planning=planning, change_set=change_set)

    if template.is_transformed:
        scope = replace(scope_of(template), planning=True)
        template = transforms.expand(runtime, template, submission.given, scope)
    function_shapes.check(template)
    check_types(runtime, template)
    check_capabilities(template, submission.granted)
    scope = scope_of(template)
    check_existence(runtime, stack.region, template, scope.parameters)
    rules.assert_rules(template, Evaluator(template, replace(scope, planning=True)).value)
    evaluator = Evaluator(template, scope)
    built = graph.build(evaluator, lambda kind, attribute: readable(runtime, kind, attribute))
    check_values(template, replace(scope, planning=True), built)
    return Prepared(
        submission, template, evaluator, built, _definition(submission, template, scope.parameters)
    )


def _scope(
    runtime: StackRuntime, stack: Stack, submission: Submission, values: Mapping[str, TemplateValue]
) -> Scope:
    """What the values of a stack's template depend on, while it is deployed."""
    notified = stack.notification_arns if submission.notifications is None else submission.notifications
    return Scope(
        region=stack.region,
        stack_id=stack.id,
        stack_name=stack.name,
        parameters=values,
        zones=runtime.zones,
        export=lambda name: runtime.store.export(name, stack.region),
        output=partial(stack_output, runtime.store, stack.region),
        notification_arns=notified,
    )


def _definition(
    submission: Submission, template: ParsedTemplate, values: Mapping[str, TemplateValue]
) -> Definition:
    """What the stack remembers of a submission; `template` is what its transforms made of it."""
    return Definition(
        text=template.text,
        processed=None if template is submission.template else serverless.processed(template),
        given=dict(submission.given),
        parameters=dict(values),
        tags=dict(submission.tags),
        capabilities=list(submission.capabilities),
        adopts=submission.adopts,
        description=template.description,
        no_echo=parameters.no_echo(template),
        ssm_defaults=parameters.ssm_defaults(template, submission.given),
    )


def check_values(template: ParsedTemplate, scope: Scope, built: graph.Graph) -> None:
    """Work out all values as far as they are known before a resource exists; what cannot be right is refused."""
    evaluator = Evaluator(template, scope)
    for definition in built.resources.values():
        refuse_secure_references(str(definition["Type"]), evaluator.value(definition.get("Properties") or {}))
        evaluator.value(definition.get("Metadata") or {})
    for name, output in template.outputs.items():
        if "Condition" in output and not evaluator.holds(output["Condition"]):
            continue
        if isinstance(evaluator.value(output["Value"]), list | dict):
            raise CloudFormationError(
                "Template format error: The Value field of every Outputs member must evaluate to a String."
            )
        export = evaluator.value(output["Export"]["Name"]) if "Export" in output else UNKNOWN
        if export is not UNKNOWN:
            check_export_name(name, export)


def readable(runtime: StackRuntime, resource_type: str, attribute: str) -> bool:
    """Whether Fn::GetAtt may ask a type for this attribute; a type without a schema answers at run time."""
    if resource_type == STACK_TYPE:
        return attribute.startswith("Outputs.")
    known = runtime.schema(resource_type)
    return known is None or known.readable(attribute)


def check_types(runtime: StackRuntime, template: ParsedTemplate) -> None:
    """Every type must have a provider here, whatever its resource's condition says."""
    absent = check_type_names(runtime, template)
    if absent:
        raise CloudFormationError(
            f"The embedded cloud cannot provide these resource types: [{', '.join(absent)}]"
        )


def check_type_names(runtime: StackRuntime, template: ParsedTemplate) -> list[str]:
    """Return the types of AWS's that have no provider here; CloudFormationError for what is not a type of AWS's."""
    types = sorted({kind for kind, _ in template.typed_resources} - {STACK_TYPE})
    absent = [name for name in types if runtime.provider(name) is None]
    unknown = [name for name in absent if not is_resource_type(name)]
    if unknown:
        raise CloudFormationError(
            f"Template format error: Unrecognized resource types: [{', '.join(unknown)}]"
        )
    return absent


def required_capabilities(template: ParsedTemplate) -> tuple[list[str], str | None]:
    """The capabilities that a template needs, and why, as GetTemplateSummary tells it."""
    found = [(kind, resource.get("Properties") or {}) for kind, resource in template.typed_resources]
    iam = sorted({kind for kind, _ in found if kind in IAM_NAMES})
    needed = []
    if iam:
        named = any((IAM_NAMES.get(kind) or "") in properties for kind, properties in found)
        needed.append("CAPABILITY_NAMED_IAM" if named else "CAPABILITY_IAM")
    if template.is_transformed:
        needed.append(AUTO_EXPAND)
    reasons = []
    if iam:
        reasons.append(f"The following resource(s) require capabilities: [{', '.join(iam)}]")
    if template.transforms:
        reasons.append(f"The following transform(s) require capabilities: [{', '.join(template.transforms)}]")
    return needed, " ".join(reasons) or None


def check_capabilities(template: ParsedTemplate, given: list[str]) -> None:
    needed, _ = required_capabilities(template)
    granted = set(given) | ({"CAPABILITY_IAM"} if "CAPABILITY_NAMED_IAM" in given else set())
    missing = [name for name in needed if name not in granted]
    if missing:
        raise CloudFormationError(
            f"Requires capabilities : [{', '.join(missing)}]", "InsufficientCapabilitiesException"
        )
