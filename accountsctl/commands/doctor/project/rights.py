"""Functions whose code calls a service of AWS of which their role allows nothing: every such call is refused.

A function is named only if that is certain: its code creates a client of the service, its role stands in the
project, and all of the role's policies can be read. Managed policies, roles of elsewhere and policies of the called
resource (a bucket's, a queue's) may allow more, so with one of these nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from accountsctl.commands.doctor.project.calls import called_services
from accountsctl.commands.doctor.project.resources import FUNCTION, EvaluatedProject, RenderedResource
from accountsctl.formats.layout import CUSTOM_POLICIES, code_folder, resource_folder
from accountsctl.model.health import Check, Outcome
from accountsctl.model.names import ResourceId
from accountsctl.planning.values import ResourceReference, Value, references

ROLE = "AWS::IAM::Role"
POLICIES = ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy")
ONLY_LOGS = ("AWSLambdaBasicExecutionRole", "AWSLambdaVPCAccessExecutionRole", "AWSXRayDaemonWriteAccess")
NEEDS = {"rds-data": "secretsmanager"}
"""Services that call another one with the caller's rights: the Data API reads the secret that it is given.

Source: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/data-api.access.html
"""
ACTIONS = {"rds-data": "rds-data:ExecuteStatement", "secretsmanager": "secretsmanager:GetSecretValue"}
GRANTED_BY_RESOURCES = {
    "s3": "AWS::S3::BucketPolicy",
    "sqs": "AWS::SQS::QueuePolicy",
    "sns": "AWS::SNS::TopicPolicy",
    "kms": "AWS::KMS::Key",
    "lambda": "AWS::Lambda::Permission",
    "secretsmanager": "AWS::SecretsManager::ResourcePolicy",
    "events": "AWS::Events::EventBusPolicy",
    "dynamodb": "AWS::DynamoDB::Table",
}
"""The resources that can allow calls of a service by themselves."""


def missing_rights(project: EvaluatedProject) -> Iterator[Check]:
    """A finding for each service that a function calls and may not."""
    for function in project.of_type(FUNCTION):
        source = project.project.sources.get(function.child.id)
        prefixes = _allowed(project, function)
        if source is None or prefixes is None:
            continue
        for service, place in called_services(source.code).items():
            yield from _refused(project, source.id, prefixes, (service, service, place))
            if service in NEEDS:
                yield from _refused(project, source.id, prefixes, (NEEDS[service], service, place))


def _refused(
    project: EvaluatedProject, function: ResourceId, prefixes: frozenset[str], call: tuple[str, str, str]
) -> Iterator[Check]:
    """The finding for one call: (service that must be allowed, service that is called, file and line)."""
    service, caller, place = call
    if service in prefixes or "*" in prefixes or _resource_may_allow(project, service):
        return
    by = "" if caller == service else f" (by {caller})"
    message = (
        f"{code_folder(function)}/{place}: {function} calls {service}{by}, of which its role allows nothing: "
        "AWS refuses the call."
    )
    file = f"{resource_folder(function)}/{CUSTOM_POLICIES}"
    action = ACTIONS.get(service, f"{service}:...")
    cure = f'Allow what it needs in {file}: [{{"Action": ["{action}"], "Resource": ["..."]}}]'
    yield Check("rights", Outcome.FINDING, message, cure)


def _allowed(project: EvaluatedProject, function: RenderedResource) -> frozenset[str] | None:
    """The services of which the function's role allows something (``*``: all); None if that cannot be known."""
    role = function.properties.get("Role")
    if not isinstance(role, ResourceReference):
        return None
    found = next(
        (
            resource
            for resource in project.of_type(ROLE)
            if (resource.child.id.logical_id, resource.name) == (role.target.stack, role.target.name)
        ),
        None,
    )
    if found is None:
        return None
    documents = _documents(project, found, role)
    return None if documents is None else frozenset(_prefixes(documents))


def _documents(
    project: EvaluatedProject, role: RenderedResource, arn: ResourceReference
) -> list[Value] | None:
    """The policy documents of a role; None if one of its policies stands elsewhere."""
    managed = role.properties.get("ManagedPolicyArns", [])
    if not isinstance(managed, list) or not all(str(policy).endswith(ONLY_LOGS) for policy in managed):
        return None
    inline = role.properties.get("Policies", [])
    if not isinstance(inline, list) or not all(isinstance(policy, Mapping) for policy in inline):
        return None
    documents = [policy.get("PolicyDocument") for policy in inline if isinstance(policy, Mapping)]
    for policy in project.of_type(*POLICIES):
        roles = policy.properties.get("Roles", policy.properties.get("RoleName"))
        if any(reference.target == arn.target for reference in references(roles)):
            documents.append(policy.properties.get("PolicyDocument"))
        elif not list(references(roles)) and roles:  # the name of a role, which may be this one's
            return None
    return documents


def _prefixes(documents: list[Value]) -> Iterator[str]:
    """The services of all actions that are allowed; ``*`` for what cannot be read."""
    for document in documents:
        statements = document.get("Statement") if isinstance(document, Mapping) else None
        for statement in statements if isinstance(statements, list) else [statements]:
            if not isinstance(statement, Mapping):
                yield "*"
            elif statement.get("Effect") == "Allow":
                actions = statement.get("Action", "*")
                for action in actions if isinstance(actions, list) else [actions]:
                    yield action.partition(":")[0].lower() if isinstance(action, str) else "*"


def _resource_may_allow(project: EvaluatedProject, service: str) -> bool:
    """Whether a resource of the project may allow it: one with a policy of its own."""
    kind = GRANTED_BY_RESOURCES.get(service)
    if kind is None:
        return False
    plain = ("AWS::KMS::Key", "AWS::DynamoDB::Table")
    return any(
        kind not in plain or "ResourcePolicy" in found.properties or "KeyPolicy" in found.properties
        for found in project.of_type(kind)
        if not _is_for_a_service(found)
    )


def _is_for_a_service(permission: RenderedResource) -> bool:
    """Whether a Lambda permission is one for a service of AWS (API Gateway, S3), not for a role."""
    return permission.text("Principal").endswith(".amazonaws.com")
