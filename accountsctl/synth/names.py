"""The names that deployed resources bear: unique in an account and region, where every project's are.

Naming 1 is that of environments from before the key `naming` existed: ``<resource>-<environment>``, which two projects
of one account can share. Their resources keep it, because a new name would replace them. Naming 2 puts the name of the
stack in front, and CloudFormation allows each stack name only once.
"""

from __future__ import annotations

import hashlib
import re

from accountsctl.model.environment import Environment

# Lambda: https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html (FunctionName)
LONGEST_NAME = 64
# RDS: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBCluster.html (DBClusterIdentifier)
LONGEST_IDENTIFIER = 63
_DIGEST = 8


def physical_name(environment: Environment, resource: str) -> str:
    """The name of a function or an API."""
    if environment.naming == 1:
        return f"{resource}-{environment.name}"
    return _shortened(f"{environment.stack_name}-{resource}", LONGEST_NAME)


def cluster_identifier(environment: Environment, cluster: str, snapshot: str = "") -> str:
    """The identifier of a database cluster, in small letters as RDS stores it.

    One that is created from a snapshot has another identifier: CloudFormation creates it before it deletes the old one.
    """
    if environment.naming == 1:
        name = f"{cluster}-{environment.name}".lower()
    else:
        # RDS refuses two hyphens in a row, which a stack's name may have.
        name = re.sub("-+", "-", f"{environment.stack_name}-{cluster}".lower())
    if snapshot:
        name = f"{name}-{hashlib.sha256(snapshot.encode()).hexdigest()[:_DIGEST]}"
    return _shortened(name, LONGEST_IDENTIFIER) if snapshot or environment.naming != 1 else name


def _shortened(name: str, longest: int) -> str:
    """`name`, or its beginning and a digest of it, so that two long names stay different."""
    if len(name) <= longest:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:_DIGEST]
    return f"{name[: longest - _DIGEST - 1].rstrip('-')}-{digest}"
