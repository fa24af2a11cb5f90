"""What accountsctl itself calls, by the ARNs that it calls it on.

A test records the calls of a push, a deletion, the database commands and the other commands about stacks, and finds
each of them allowed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from accountsctl.model.environment import Environment
from accountsctl.planning.rights.arns import ArnScope
from accountsctl.planning.stack_tree import EvaluatedResource

CLUSTER = "AWS::RDS::DBCluster"
FUNCTION = "AWS::Lambda::Function"
STACK_ACTIONS = (
    "CancelUpdateStack ContinueUpdateRollback CreateChangeSet DeleteChangeSet DeleteStack DescribeChangeSet"
    " DescribeEvents DescribeStackEvents DescribeStackResourceDrifts DescribeStackResources DescribeStacks"
    " DetectStackDrift DetectStackResourceDrift ExecuteChangeSet GetTemplate ListChangeSets ListStackResources"
    " RollbackStack TagResource UntagResource UpdateTerminationProtection"
)
NESTED_ACTIONS = (
    "ContinueUpdateRollback CreateChangeSet CreateStack DeleteChangeSet DeleteStack DescribeChangeSet"
    " DescribeStacks ExecuteChangeSet GetStackPolicy GetTemplate RollbackStack SetStackPolicy TagResource"
    " UntagResource UpdateStack UpdateTerminationProtection"
)
"""What CloudFormation calls for the nested stacks of a root."""
CHANGE_SETS = "changeSet/accountsctl-*"
"""accountsctl's change sets and, named after them, those of nested stacks, which are read by their ARNs."""


@dataclass(frozen=True)
class PolicyStatement:
    """One statement of a policy. `conditions` is IAM's: operator -> key -> values; empty for none."""

    sid: str
    actions: frozenset[str]
    resources: tuple[str, ...]
    conditions: Mapping[str, Mapping[str, str | list[str]]] | None = None


def actions(service: str, names: str) -> frozenset[str]:
    """Actions of one service, their names separated by spaces."""
    return frozenset(f"{service}:{name}" for name in names.split())


def stack_statements(scope: ArnScope) -> Iterator[PolicyStatement]:
    """CloudFormation, on the root stack and on those nested in it; what it lists has no ARN."""
    roots = tuple(
        scope.arn("cloudformation", pattern)
        for pattern in (CHANGE_SETS, f"stack/{scope.stack}-*", f"stack/{scope.stack}/*")
    )
    yield PolicyStatement("Stacks", actions("cloudformation", STACK_ACTIONS), roots)
    listed = "DescribeStackDriftDetectionStatus DescribeStacks ListStacks"
    yield PolicyStatement("StacksOfTheAccount", actions("cloudformation", listed), ("*",))


def nested_statement(scope: ArnScope) -> PolicyStatement:
    """What CloudFormation does with nested stacks, with the rights of whoever deploys the root."""
    nested = tuple(
        scope.arn("cloudformation", pattern) for pattern in (CHANGE_SETS, f"stack/{scope.stack}-*")
    )
    return PolicyStatement("NestedStacks", actions("cloudformation", NESTED_ACTIONS), nested)


def bucket_statements(buckets: Sequence[str]) -> Iterator[PolicyStatement]:
    """The deployment bucket: uploads, and what `delete` takes out of it. CloudFormation reads it as the caller."""
    whole = tuple(arn for arn in buckets if not arn.endswith("/*"))
    objects = tuple(f"{arn}/*" for arn in whole)
    yield PolicyStatement("DeploymentBucket", actions("s3", "ListBucket ListBucketVersions"), whole)
    names = "DeleteObject DeleteObjectVersion GetObject GetObjectVersion PutObject"
    yield PolicyStatement("Artifacts", actions("s3", names), objects)


def account_statements(scope: ArnScope, environment: Environment) -> Iterator[PolicyStatement]:
    """Who the caller is, and the imported pools, which a push and `import auth` read."""
    yield PolicyStatement("Caller", actions("sts", "GetCallerIdentity"), ("*",))
    ids = [
        str(value)
        for names in environment.imported.values()
        for imported in names.values()
        for value in imported.values()
    ]
    pools = tuple(sorted({scope.arn("cognito-idp", f"userpool/{id_}") for id_ in ids if _is_pool(id_)}))
    if not pools:
        return
    reads = "DescribeUserPool DescribeUserPoolClient ListUserPoolClients"
    yield PolicyStatement("ImportedPools", actions("cognito-idp", reads), pools)
    listed = actions("cognito-idp", "ListUserPools") | actions("cognito-identity", "DescribeIdentityPool")
    yield PolicyStatement("PoolsOfTheAccount", listed, ("*",))


def _is_pool(value: str) -> bool:
    """Whether it is a user pool's id: ``eu-west-1_AbCdEf123``."""
    region, underscore, id_ = value.partition("_")
    return bool(underscore) and region.count("-") >= 2 and id_.isalnum()


def function_statements(scope: ArnScope, resources: Sequence[EvaluatedResource]) -> Iterator[PolicyStatement]:
    """The code of functions: `drift` reads its hash, and a push updates what was changed past the stack."""
    functions = [resource for resource in resources if resource.type == FUNCTION]
    if functions:
        calls = actions("lambda", "GetFunctionConfiguration UpdateFunctionCode")
        yield PolicyStatement("FunctionCode", calls, scope.arns("lambda", functions))


def database_statements(scope: ArnScope, resources: Sequence[EvaluatedResource]) -> Iterator[PolicyStatement]:
    """The Data API and the secret that RDS manages, for the `db` commands."""
    clusters = [resource for resource in resources if resource.type == CLUSTER]
    arns = tuple(arn for arn in scope.arns("rds", clusters) if ":cluster:" in arn)
    if not clusters:
        return
    calls = "BatchExecuteStatement BeginTransaction CommitTransaction ExecuteStatement RollbackTransaction"
    yield PolicyStatement("Database", actions("rds-data", calls), arns)
    secrets = (scope.arn("secretsmanager", "secret:rds!cluster-*"),)
    yield PolicyStatement("DatabasePassword", actions("secretsmanager", "GetSecretValue"), secrets)
    yield PolicyStatement(
        "DeletionProtection", actions("rds", "DescribeDBClusters DescribeDBInstances"), ("*",)
    )
    yield PolicyStatement("DatabaseSnapshots", actions("rds", "DescribeDBClusterSnapshots"), ("*",))
