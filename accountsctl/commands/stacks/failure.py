"""A push that failed: the first cause, what remains of it, and the next step."""

from __future__ import annotations

from accountsctl.model.assembly import Assembly
from accountsctl.model.errors import StackFailed
from accountsctl.model.events import StackEvent
from accountsctl.model.names import ResourceId
from accountsctl.model.remains import Remains
from accountsctl.model.stack_states import state_of
from accountsctl.ports.stacks import Ending

BY_HAND = {
    "AWS::Cognito::UserPool": "aws cognito-idp delete-user-pool --user-pool-id",
    "AWS::DynamoDB::Table": "aws dynamodb delete-table --table-name",
    "AWS::IAM::Role": "aws iam delete-role --role-name",
    "AWS::Lambda::Function": "aws lambda delete-function --function-name",
    "AWS::Logs::LogGroup": "aws logs delete-log-group --log-group-name",
    "AWS::RDS::DBCluster": "aws rds delete-db-cluster --final-db-snapshot-identifier NAME --db-cluster-identifier",
    "AWS::RDS::DBInstance": "aws rds delete-db-instance --db-instance-identifier",
    "AWS::S3::Bucket": "aws s3 rb --force",
    "AWS::SecretsManager::Secret": "aws secretsmanager delete-secret --secret-id",
}
"""The command of the AWS CLI that deletes a resource of a type, without its physical id."""


def require_success(name: str, ending: Ending | None, assembly: Assembly, remains: Remains) -> None:
    """Return if a stack ended as intended; StackFailed with the first cause if it did not."""
    if ending is None or ending.succeeded:
        return
    culprit = ending.failure
    resource = _resource_of(culprit, assembly) if culprit else None
    where = f"{culprit.path[-1]} ({culprit.type}) in {resource or name}" if culprit and culprit.path else name
    raise StackFailed(
        f"The push failed at {where}; the stack {name} is {ending.status}.",
        reason=culprit.reason if culprit else "CloudFormation gave no reason.",
        hint=_what_next(ending.status, remains),
        resource=str(resource) if resource else "",
        logical_id=culprit.logical_id if culprit else "",
    )


def _what_next(status: str, remains: Remains) -> str:
    """The next step; what could not be deleted is named, and then nothing is said to be rolled back."""
    left = remains.resources
    if left:
        return f"{cures(remains)} Then fix the resource named above, and push again."
    state = state_of(status)
    if status in ("DELETE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "ROLLBACK_COMPLETE"):
        return "Everything was rolled back to what ran before; fix the resource named above, then push again."
    return f"{state.meaning} {state.next_step}."


def cures(remains: Remains) -> str:
    """What remains of a failed operation, each with what removes it."""
    sentences = []
    for event in remains.resources:
        name = event.physical_id or event.path[-1]
        found_again = remains.in_orphan(event)
        how = "`accountsctl recover --orphans` removes it" if found_again else _by_hand(event.type, name)
        sentences.append(f"{event.type} {name} could not be deleted ({event.reason}): {how}.")
    return "These remain: " + " ".join(sentences)


def _by_hand(type_: str, name: str) -> str:
    """What deletes a resource that no stack has any more."""
    command = BY_HAND.get(type_)
    name = f"s3://{name}" if type_ == "AWS::S3::Bucket" else name
    return f"delete it by hand ({command} {name})" if command else "delete it by hand"


def _resource_of(event: StackEvent, assembly: Assembly) -> ResourceId | None:
    return next((child.id for child in assembly.children if event.path[:1] == (child.id.logical_id,)), None)
