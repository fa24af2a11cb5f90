"""An IAM policy for a project, as `policy` returns it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

PolicyDocument = Mapping[str, object]
"""An IAM policy as JSON.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""


@dataclass(frozen=True)
class ProjectPolicy:
    """The policy of `role` (deploy or cloudformation). `trust` is the role's trust policy, None if the caller knows it.

    `notes` are sentences about what the policy cannot say.
    """

    environment: str
    role: str
    document: PolicyDocument
    trust: PolicyDocument | None
    notes: tuple[str, ...]
