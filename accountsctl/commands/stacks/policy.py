"""`policy`: the least that IAM has to allow to deploy this project, as a policy. Calls no cloud."""

from __future__ import annotations

import json
from collections.abc import Iterator

from accountsctl.model.assembly import Assembly
from accountsctl.model.environment import Cloud, Environment
from accountsctl.model.policy import PolicyDocument, ProjectPolicy
from accountsctl.planning.rights.own_calls import PolicyStatement
from accountsctl.planning.rights.policy import PolicyRole, ProjectRights, rights

MANAGED, INLINE = 6144, 10240
"""Characters, without white space, of a managed policy and of all inline policies of a role.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
"""
VERSION = "2012-10-17"
TRUST: PolicyDocument = {
    "Version": VERSION,
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "cloudformation.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}


def project_policy(assembly: Assembly, role: PolicyRole) -> ProjectPolicy:
    """The policy of one role for what is rendered."""
    found = rights(assembly, role)
    document: PolicyDocument = {
        "Version": VERSION,
        "Statement": [_statement(statement) for statement in found.statements],
    }
    trust = TRUST if role is PolicyRole.CLOUDFORMATION else None
    environment = assembly.environment
    notes = tuple(_notes(environment, role, found, document))
    return ProjectPolicy(environment.name, role.value, document, trust, notes)


def _statement(statement: PolicyStatement) -> PolicyDocument:
    return {
        "Sid": statement.sid,
        "Effect": "Allow",
        "Action": sorted(statement.actions),
        "Resource": list(statement.resources),
        **({"Condition": statement.conditions} if statement.conditions else {}),
    }


def _notes(
    environment: Environment, role: PolicyRole, found: ProjectRights, document: PolicyDocument
) -> Iterator[str]:
    if environment.cloud is Cloud.LOCAL:
        yield "This environment is deployed to the embedded cloud, which checks no rights."
    if role is PolicyRole.DEPLOY and environment.role_arn:
        yield (
            f"CloudFormation takes on {environment.role_arn}; that role's policy: "
            "accountsctl policy --role cloudformation"
        )
    if environment.account_id is None:
        yield "The account is not known; with accountId in the environment's file the policy names it."
    if found.unknown:
        types = ", ".join(found.unknown)
        yield f"AWS publishes no rights for {types}: add what these resources need."
    size = len(json.dumps(document, separators=(",", ":")))
    if size > MANAGED:
        yield (
            f"It has {size:,} characters, and a managed policy may have {MANAGED:,}: attach it to a role as an "
            f"inline policy ({INLINE:,}), or divide its statements."
        )
