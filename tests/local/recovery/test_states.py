"""Each state of a stack, reached by a real failure: what each command says and does, and that nothing is lost by it."""

from __future__ import annotations

import pytest

from accountsctl.model.stack_states import STATES
from tests.local.recovery.project import CLUSTER
from tests.local.recovery.states import ROWS, RUNS, Answer, Row
from tests.local.recovery.world import RecoveryWorld, Said, Truth

pytestmark = pytest.mark.slow

COMMANDS = ("dry_run", "push", "recover", "delete")


def check(said: Said, answer: Answer, truth: Truth) -> None:
    assert said.code == answer.code, said.text
    assert answer.words in said.text
    if answer.code == 0:
        assert truth.status in answer.after


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(
    "changed", [pytest.param(True, marks=pytest.mark.slow), False], ids=["changed", "unchanged"]
)
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_what_a_command_says_and_does(
    world: RecoveryWorld, truth: Truth, row: Row, command: str, changed: bool
) -> None:
    row.reach(world)
    assembly = world.project.version("three" if changed else "one")
    before, identity = truth.status, truth.identity
    assert before == row.status
    found = world.status(assembly)
    assert found.stack_status == ("NOT_DEPLOYED" if before in ("", "REVIEW_IN_PROGRESS") else before)
    assert row.note in found.note
    said = getattr(world, command)(assembly)
    answer: Answer = getattr(row, command)
    if command == "dry_run":
        check(said, Answer(answer.code, answer.words, (before,)), truth)
        assert truth.identity == identity
        return
    check(said, answer, truth)
    if row.keeps and "delete" not in (command, *row.cure) and truth.status:
        assert truth.identity == identity
    if command == "push":
        for cure in row.cure if said.code else ():
            assert getattr(world, cure)(assembly).code == 0
    if command != "delete" or said.code:
        assert_works(world, truth, "three" if changed else "one")
    else:
        assert (truth.clusters, truth.buckets) == ([], [])


def assert_works(world: RecoveryWorld, truth: Truth, setting: str) -> None:
    """A push succeeds, then there is nothing to push, and what is on disk runs."""
    assembly = world.project.version(setting)
    assert world.push(assembly).code == 0
    assert not world.push(assembly).result.changed
    assert truth.status in RUNS
    assert (truth.clusters, truth.setting) == ([CLUSTER], setting)
    assert world.status(assembly).note == ""


def test_every_state_at_rest_is_in_the_table() -> None:
    """Import is what the embedded cloud does not play, and nothing of ours imports by itself."""
    at_rest = {status for status, state in STATES.items() if not state.in_progress and "IMPORT" not in status}
    reached = {row.status for row in ROWS}
    assert at_rest - reached == {"CREATE_COMPLETE"}
