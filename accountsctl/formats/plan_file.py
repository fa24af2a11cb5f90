"""The plan of a push as a file: written by `push --dry-run --plan-file`, applied by `push --plan-file`.

It names what was compared by digests, so that exactly this is applied later, or nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from accountsctl.model.errors import UsageError
from accountsctl.model.plan import Plan

FORMAT = 1
AGAIN = "Write a new one with `accountsctl push --dry-run --plan-file FILE`."


@dataclass(frozen=True)
class PlanIdentity:
    """What a plan is about. `source` is the digest of the root to be, which names every template and package by hash.

    `deployed` is the digest of the root template that it starts from; empty if there is no stack.
    """

    environment: str
    stack_name: str
    source: str
    deployed: str


def identity_of(plan: Plan) -> PlanIdentity:
    """What a plan was made of."""
    environment = plan.assembly.environment
    return PlanIdentity(
        environment.name, environment.stack_name, plan.assembly.root.digest, plan.deployed_digest
    )


def plan_file_text(plan: Plan, shown: Mapping[str, object]) -> str:
    """The file's text; `shown` is the plan as ``--json`` prints it, for whoever reviews the file."""
    identity = identity_of(plan)
    document = {
        "format": FORMAT,
        "environment": identity.environment,
        "stackName": identity.stack_name,
        "source": identity.source,
        "deployed": identity.deployed,
        "plan": shown,
    }
    return json.dumps(document, indent=2) + "\n"


def read_plan_file(text: str) -> PlanIdentity:
    """What a plan file is about; UsageError if it is not one."""
    try:
        document = json.loads(text)
        if document["format"] != FORMAT:
            raise ValueError(f"format {document['format']} is not supported")
        names = ("environment", "stackName", "source", "deployed")
        return PlanIdentity(*(str(document[name]) for name in names))
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError("This is not a plan file.", why=str(error), hint=AGAIN) from error


def check_plan_file(written: PlanIdentity, plan: Plan) -> None:
    """UsageError unless the plan is exactly the one that was written."""
    now = identity_of(plan)
    reasons = {
        (written.environment, written.stack_name)
        != (
            now.environment,
            now.stack_name,
        ): f"It is a plan for {written.stack_name} ({written.environment}).",
        written.source != now.source: "The project's files have changed since, or are rendered differently.",
        written.deployed != now.deployed: "The deployed stack has changed since.",
    }
    if True in reasons:
        raise UsageError(
            "The plan in the file is out of date; nothing was changed.", why=reasons[True], hint=AGAIN
        )
