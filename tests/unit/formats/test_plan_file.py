"""A plan file is applied exactly, or not at all."""

from __future__ import annotations

import pytest

from accountsctl.formats.plan_file import check_plan_file, plan_file_text, read_plan_file
from accountsctl.model.errors import UsageError
from accountsctl.model.plan import Plan
from tests.unit.planning.stacks import one

TOPIC = {"T": {"Type": "AWS::SNS::Topic"}}
QUEUE = {"Q": {"Type": "AWS::SQS::Queue"}}
WRITTEN = one(TOPIC).to(one(QUEUE))


def check(plan: Plan) -> None:
    check_plan_file(read_plan_file(plan_file_text(WRITTEN, {"changed": True})), plan)


def test_the_same_plan_is_accepted() -> None:
    check(one(TOPIC).to(one(QUEUE)))


@pytest.mark.parametrize(
    ("plan", "why"),
    [(one(TOPIC).to(one({})), "files have changed"), (one({}).to(one(QUEUE)), "stack has changed")],
)
def test_another_source_or_another_stack_is_refused(plan: Plan, why: str) -> None:
    with pytest.raises(UsageError) as refused:
        check(plan)
    assert why in refused.value.why


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 2}', "not JSON"])
def test_any_other_file_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="not a plan file"):
        read_plan_file(text)
