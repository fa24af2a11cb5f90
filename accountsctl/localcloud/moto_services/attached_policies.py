"""The policies that are attached to resources, by the resource's ARN."""

from __future__ import annotations

import json

from accountsctl.localcloud.contracts.lookups import ACCOUNT, PARTITION
from accountsctl.localcloud.moto_services import functions
from accountsctl.localcloud.moto_services.apps import backends

DEFAULT_OF_TOPICS = "__default_policy_ID"
"""The policy of a topic that was given none. It allows what identity-based policies of the owner allow, and no more:
its condition, on AWS:SourceOwner, is of no call by a role."""
SERVICES = frozenset({"kms", "lambda", "s3", "secretsmanager", "sns", "sqs"})
"""The services whose resources' policies are evaluated for callers."""


def service_of(arn: str) -> str | None:
    """The service of a resource of this account whose policy is evaluated; None for any other text."""
    parts = arn.split(":", 5)
    known = len(parts) == 6 and parts[2] in SERVICES and parts[4] in ("", ACCOUNT)
    return parts[2] if known else None


def find(arn: str) -> str:
    """The policy of the resource as JSON text; "" if it has none, does not exist, or is of another service."""
    if service_of(arn) is None:
        return ""
    _, _, service, region, _, name = arn.split(":", 5)
    if service == "s3":
        bucket = backends("s3")[ACCOUNT][PARTITION].buckets.get(name.partition("/")[0])
        return bucket.policy.decode() if bucket is not None and bucket.policy else ""
    if service == "lambda":
        found = functions.find(arn, region)
        return json.dumps({"Statement": list(found.function.policy.statements)}) if found else ""
    if region not in backends(service)[ACCOUNT]:
        return ""
    table = backends(service)[ACCOUNT][region]
    match service:
        case "secretsmanager":
            resource = table.secrets.get(arn)
        case "kms":
            resource = table.keys.get(name.removeprefix("key/"))
        case "sqs":
            resource = table.queues.get(name)
        case _:
            resource = table.topics.get(arn)
    text = str(getattr(resource, "policy", None) or "")
    return "" if service == "sns" and DEFAULT_OF_TOPICS in text else text
