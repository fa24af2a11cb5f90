"""One right that a call needs."""

from __future__ import annotations

from dataclasses import dataclass

NO_RESOURCE = "*"
"""The resource of an action that has none, such as ``s3:ListAllMyBuckets``: a policy must allow it on ``*``.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html"""


@dataclass(frozen=True)
class Need:
    """An action, ``sqs:SendMessage``, on a resource by its ARN, or on NO_RESOURCE.

    None: the resource is not known, and whatever resource a policy names will do.
    """

    action: str
    resource: str | None
