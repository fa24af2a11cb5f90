"""`--yes` never agrees to the loss of data; a name does, and a protected environment needs it twice."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

import pytest

from accountsctl.commands.stacks.agreement import (
    Agreement,
    check_frozen,
    check_intended,
    loss_sentences,
    review_of,
)
from accountsctl.model.environment import Cloud
from accountsctl.model.errors import AccountsctlError, Declined, UsageError
from accountsctl.model.plan import Plan
from accountsctl.ports.stacks import IntendedChange
from tests.unit.planning.stacks import Stacks, one

SECRET = {"S": {"Type": "AWS::SecretsManager::Secret", "Properties": {"Name": "a"}}}
TOPIC = {"T": {"Type": "AWS::SNS::Topic"}}
LOSS = one(SECRET).to(one({}))
SEVERAL = Stacks({"a": {"Resources": SECRET}, "b": {"Resources": SECRET}}).to(Stacks({}))
HARMLESS = one(TOPIC).to(one({**TOPIC, "U": {"Type": "AWS::SNS::Topic"}}))
NAME = "custom/thing"


@dataclass
class FakeTerminal:
    """Answers with what it was given, and remembers the questions."""

    typed: str = ""
    says: bool = True
    asked: list[str] = field(default_factory=list)

    def confirm(self, question: str) -> bool:
        self.asked.append(question)
        return self.says

    def text(self, question: str) -> str:
        self.asked.append(question)
        return self.typed


def on(plan: Plan, *, cloud: Cloud = Cloud.AWS, protected: bool = False) -> Plan:
    environment = replace(plan.assembly.environment, cloud=cloud, protected=protected)
    return replace(plan, assembly=replace(plan.assembly, environment=environment))


def settle(
    plan: Plan, *, yes: bool = False, allowed: Collection[str] = (), terminal: FakeTerminal | None = None
) -> None:
    Agreement(yes, allowed, terminal).settle(plan)


@pytest.mark.parametrize("cloud", Cloud)
def test_yes_does_not_cover_the_loss_of_data(cloud: Cloud) -> None:
    with pytest.raises(UsageError) as refused:
        settle(on(LOSS, cloud=cloud), yes=True)
    assert refused.value.exit_code == 2
    assert "S (AWS::SecretsManager::Secret) is deleted; nothing of it is kept" in refused.value.why
    assert f"--allow-data-loss {NAME}" in refused.value.hint


def test_every_loss_is_refused_at_once_with_its_flag() -> None:
    with pytest.raises(UsageError) as refused:
        settle(on(SEVERAL), yes=True, allowed=["custom/c"])
    assert "--allow-data-loss custom/a --allow-data-loss custom/b" in refused.value.hint
    with pytest.raises(UsageError) as refused:
        settle(on(SEVERAL), yes=True, allowed=["custom/a"])
    assert "custom/a" not in refused.value.hint


def test_the_named_loss_is_agreed_to_but_the_push_to_aws_still_needs_yes() -> None:
    settle(on(LOSS), yes=True, allowed=[NAME])
    with pytest.raises(UsageError, match="confirmation"):
        settle(on(LOSS), allowed=[NAME])
    settle(on(LOSS, cloud=Cloud.LOCAL), allowed=[NAME])


def test_at_a_terminal_the_name_is_typed_instead_and_nothing_else_is_asked() -> None:
    terminal = FakeTerminal(typed=NAME)
    settle(on(LOSS), terminal=terminal)
    assert terminal.asked == [f"Type {NAME} to agree to the loss of its data"]


@pytest.mark.parametrize("typed", ["", "y", "custom/other"])
def test_anything_but_the_name_declines(typed: str) -> None:
    with pytest.raises(Declined) as declined:
        settle(on(LOSS), yes=True, terminal=FakeTerminal(typed=typed))
    assert declined.value.exit_code == 130


@pytest.mark.parametrize(
    ("allowed", "typed", "refusal"),
    [
        ((), NAME, UsageError),
        ((NAME,), None, UsageError),
        ((NAME,), "y", Declined),
        ((NAME,), NAME, None),
    ],
)
def test_a_protected_environment_needs_the_flag_and_the_name(
    allowed: Collection[str], typed: str | None, refusal: type[AccountsctlError] | None
) -> None:
    terminal = None if typed is None else FakeTerminal(typed=typed)
    if refusal is None:
        settle(on(LOSS, protected=True), yes=True, allowed=allowed, terminal=terminal)
        return
    with pytest.raises(refusal):
        settle(on(LOSS, protected=True), yes=True, allowed=allowed, terminal=terminal)


def test_a_push_that_loses_nothing_asks_on_aws_only() -> None:
    settle(on(HARMLESS, cloud=Cloud.LOCAL))
    settle(on(HARMLESS, protected=True), yes=True)
    with pytest.raises(UsageError, match="confirmation"):
        settle(on(HARMLESS))
    with pytest.raises(Declined):
        settle(on(HARMLESS), terminal=FakeTerminal(says=False))


BUCKET = "AWS::S3::Bucket"


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ([IntendedChange(("customthing", "B"), BUCKET, "Modify", "True")], True),
        ([IntendedChange(("customthing", "B"), BUCKET, "Remove")], True),
        ([IntendedChange(("B",), BUCKET, "Modify", "True")], True),
        ([IntendedChange(("customthing", "B"), BUCKET, "Modify", "Conditional")], False),
        ([IntendedChange(("customthing", "B"), BUCKET, "Add")], False),
        ([IntendedChange(("customthing", "T"), "AWS::SNS::Topic", "Modify", "True")], False),
    ],
)
def test_what_aws_would_end_without_the_plan_saying_so_stops_the_push(
    changes: Sequence[IntendedChange], refused: bool
) -> None:
    if not refused:
        check_intended(HARMLESS, (), changes)
        return
    with pytest.raises(UsageError) as stopped:
        check_intended(HARMLESS, (), changes)
    assert "B (AWS::S3::Bucket)" in stopped.value.what
    owner = "custom/thing" if len(changes[0].path) == 2 else "root/B"
    assert f"--allow-data-loss {owner}" in stopped.value.hint
    check_intended(HARMLESS, (owner,), changes)


def test_what_the_plan_named_was_agreed_to_already() -> None:
    check_intended(LOSS, (), [IntendedChange(("customthing", "S"), "AWS::SecretsManager::Secret", "Remove")])


STACK = "AWS::CloudFormation::Stack"


def adopted(plan: Plan) -> Plan:
    environment = replace(plan.assembly.environment, adopted=True)
    return replace(plan, assembly=replace(plan.assembly, environment=environment))


def test_in_an_adopted_backend_only_what_the_plan_changes_may_change() -> None:
    plan = adopted(one(TOPIC).to(one({**TOPIC, "U": {"Type": "AWS::SNS::Topic"}})))
    allowed = [
        IntendedChange(("customthing",), STACK, "Modify", "False"),
        IntendedChange(("customthing", "U"), "AWS::SNS::Topic", "Add"),
        IntendedChange(("apishop",), STACK, "Modify", "False"),
        IntendedChange(
            ("apishop", "Method"), "AWS::ApiGateway::Method", "Modify", "Conditional", dynamic=True
        ),
    ]
    check_frozen(plan, allowed)


@pytest.mark.parametrize(
    "change",
    [
        IntendedChange(("apishop", "Api"), "AWS::ApiGateway::RestApi", "Modify", "False"),
        IntendedChange(("apishop", "Api"), "AWS::ApiGateway::RestApi", "Remove"),
        IntendedChange(("apishop", "Log"), "AWS::Logs::LogGroup", "Import"),
        IntendedChange(("AuthRole",), "AWS::IAM::Role", "Modify", "True"),
        IntendedChange(("apishop",), STACK, "Remove"),
    ],
)
def test_in_an_adopted_backend_any_other_change_is_refused_by_its_name(change: IntendedChange) -> None:
    plan = adopted(HARMLESS)
    with pytest.raises(UsageError) as refused:
        review_of(plan, ())([change])
    assert ".".join(change.path) in refused.value.what
    assert change.action.lower() in refused.value.what
    assert "nothing was changed" in refused.value.what
    review_of(on(HARMLESS), ())([change])


def test_what_is_lost_is_said_of_what_holds_data_alone() -> None:
    (change,) = one({**SECRET, **TOPIC}).to(one({})).losses
    assert list(loss_sentences(change)) == [
        f"{NAME}: S (AWS::SecretsManager::Secret) is deleted; nothing of it is kept."
    ]
    (change,) = one(SECRET).to(one({"S": {**SECRET["S"], "Properties": {"Name": "b"}}})).losses
    (sentence,) = loss_sentences(change)
    assert sentence.startswith(f"{NAME}: S (AWS::SecretsManager::Secret) is replaced by an empty one (")
    topics = one(TOPIC).to(one({"T": {**TOPIC["T"], "Properties": {"TopicName": "b"}}}))
    assert [sentence for each in topics.changes for sentence in loss_sentences(each)] == []


@pytest.mark.parametrize(("action", "verb"), [("Remove", "delete"), ("Modify", "replace")])
def test_a_loss_that_only_aws_knows_is_called_what_it_is(action: str, verb: str) -> None:
    intended = IntendedChange(("customthing", "B"), "AWS::S3::Bucket", action, "True")
    with pytest.raises(UsageError, match=f"AWS would {verb} B "):
        check_intended(on(HARMLESS), (), [intended])
