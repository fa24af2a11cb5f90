"""The least that IAM has to allow: to whoever runs accountsctl, and to the role that CloudFormation takes on.

    own_calls    what accountsctl calls itself
    handlers     what CloudFormation calls for each resource of the rendered templates, by AWS's resource schemas
    arns         the resources to which both are narrowed down, by the project's names

Without a role of its own CloudFormation uses the caller's rights, so the caller needs both.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from accountsctl.model.assembly import Assembly
from accountsctl.model.template_body import STACK
from accountsctl.planning.compared import pseudo_parameters
from accountsctl.planning.rights.arns import ArnScope
from accountsctl.planning.rights.handlers import PASS_ROLE, handler_actions, has_resources
from accountsctl.planning.rights.own_calls import (
    PolicyStatement,
    account_statements,
    actions,
    bucket_statements,
    database_statements,
    function_statements,
    nested_statement,
    stack_statements,
)
from accountsctl.planning.stack_tree import ROOT, EvaluatedResource, EvaluatedTree

LINKED_ROLE, GRANT = "iam:CreateServiceLinkedRole", "kms:CreateGrant"
SCOPED_LISTS = frozenset({"s3:ListBucket", "s3:ListTagsForResource"})
UNSCOPED = frozenset({"lambda:GetCodeSigningConfig", "lambda:GetLayerVersion", "lambda:PassCapacityProvider"})
"""Actions on resources of another kind than the one whose handler calls them."""
SERVICES = {"StepFunctions": "states"}
"""The services whose name in ARNs and principals is not that in their types, in small letters."""


class PolicyRole(StrEnum):
    """Whose policy it is."""

    DEPLOY = "deploy"
    CLOUDFORMATION = "cloudformation"


@dataclass(frozen=True)
class ProjectRights:
    """The statements for one role; `unknown` are the types for which AWS publishes no rights."""

    statements: tuple[PolicyStatement, ...]
    unknown: tuple[str, ...] = ()


def rights(assembly: Assembly, role: PolicyRole) -> ProjectRights:
    """What a role has to be allowed to do to deploy, change and delete what is rendered."""
    environment = assembly.environment
    scope = ArnScope.of(environment)
    resources = _resources(assembly)
    buckets = scope.arns("s3", [resource for resource in resources if resource.type == "AWS::S3::Bucket"])
    own = [
        *stack_statements(scope),
        *bucket_statements(buckets),
        *account_statements(scope, environment),
        *database_statements(scope, resources),
        *function_statements(scope, resources),
    ]
    if role is PolicyRole.DEPLOY and environment.role_arn:
        return ProjectRights((*own, _handed_over(environment.role_arn)))
    unknown = {resource.type for resource in resources if _actions(resource) is None}
    handled = [nested_statement(scope), *_handled(scope, resources)]
    if role is PolicyRole.CLOUDFORMATION:
        artifacts = [statement for statement in own if statement.sid == "Artifacts"]
        own = [
            PolicyStatement("Artifacts", actions("s3", "GetObject GetObjectVersion"), a.resources)
            for a in artifacts
        ]
    return ProjectRights(tuple(_without_repeats([*own, *handled])), tuple(sorted(unknown)))


def _resources(assembly: Assembly) -> list[EvaluatedResource]:
    bodies = {child.id.logical_id: child.template.body for child in assembly.children}
    tree = EvaluatedTree(
        assembly.root.body, lambda name: bodies.get(name, {}), {}, pseudo_parameters(assembly.environment)
    )
    stacks = [ROOT, *(name for name in tree.nested() if name in bodies)]
    return [resource for stack in stacks for resource in tree.resources(stack).values()]


def _handed_over(role_arn: str) -> PolicyStatement:
    condition = {"StringEquals": {"iam:PassedToService": "cloudformation.amazonaws.com"}}
    return PolicyStatement("CloudFormationRole", frozenset({PASS_ROLE}), (role_arn,), condition)


def _actions(resource: EvaluatedResource) -> frozenset[str] | None:
    if resource.type == STACK:
        return frozenset()
    properties = resource.properties if isinstance(resource.properties, Mapping) else {}
    return handler_actions(resource.type, properties)


def _handled(scope: ArnScope, resources: Sequence[EvaluatedResource]) -> Iterator[PolicyStatement]:
    """The statements of the handlers, by service, narrowed down where that is possible."""
    called: dict[str, set[str]] = defaultdict(set)
    for resource in resources:
        for action in _actions(resource) or ():
            called[action.partition(":")[0]].add(action)
    special = {PASS_ROLE, LINKED_ROLE, GRANT}
    for service in sorted(called):
        arns = scope.arns(service, resources)
        plain = called[service] - special
        everywhere = {action for action in plain if not arns or _lists(action)}
        name = "".join(part.title() for part in service.split("-"))
        if plain - everywhere:
            yield PolicyStatement(name, frozenset(plain - everywhere), arns)
        if everywhere:
            yield PolicyStatement(f"{name}OfTheAccount", frozenset(everywhere), ("*",))
    yield from _with_conditions(
        scope, resources, {action for actions in called.values() for action in actions & special}
    )


def _service(type_name: str) -> str:
    """The service of a type: ``lambda`` of ``AWS::Lambda::Function``."""
    name = type_name.split("::")[1]
    return SERVICES.get(name, name.lower())


def _without_repeats(statements: Iterable[PolicyStatement]) -> Iterator[PolicyStatement]:
    """The statements without actions that an earlier one allows on all of their resources: IAM limits the size."""
    before: list[PolicyStatement] = []
    for statement in statements:
        allowed = {
            action
            for other in before
            if other.conditions is None
            and (other.resources == ("*",) or set(statement.resources) <= set(other.resources))
            for action in other.actions
        }
        left = replace(statement, actions=statement.actions - allowed)
        if left.actions:
            before.append(left)
            yield left


def _lists(action: str) -> bool:
    """Whether an action is about no resource that could be named: most of what lists or describes, too."""
    reads = action.partition(":")[2].startswith(("Describe", "List"))
    return not has_resources(action) or action in UNSCOPED or (reads and action not in SCOPED_LISTS)


def _with_conditions(
    scope: ArnScope, resources: Sequence[EvaluatedResource], called: Iterable[str]
) -> Iterator[PolicyStatement]:
    """What would allow too much without a condition."""
    wanted = set(called)
    roles = tuple(arn for arn in scope.arns("iam", resources) if ":role/" in arn)
    passing = [resource for resource in resources if PASS_ROLE in (_actions(resource) or ())]
    services = sorted({f"{_service(resource.type)}.amazonaws.com" for resource in passing})
    if PASS_ROLE in wanted and roles and services:
        condition: dict[str, str | list[str]] = {"iam:PassedToService": services}
        yield PolicyStatement("RolesOfServices", frozenset({PASS_ROLE}), roles, {"StringEquals": condition})
    if LINKED_ROLE in wanted:
        linked = (f"arn:{scope.partition}:iam::{scope.account}:role/aws-service-role/*",)
        yield PolicyStatement("LinkedRoles", frozenset({LINKED_ROLE}), linked)
    if GRANT in wanted:
        granted: dict[str, str | list[str]] = {"kms:GrantIsForAWSResource": "true"}
        yield PolicyStatement("Grants", frozenset({GRANT}), ("*",), {"Bool": granted})
