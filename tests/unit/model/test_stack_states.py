"""The table of states is complete, and says one thing per state."""

from __future__ import annotations

import botocore.session
import pytest

from accountsctl.model.stack_states import STATES, DeleteStep, PushStep, RecoverStep, state_of

SHAPE = botocore.session.get_session().get_service_model("cloudformation").shape_for("StackStatus")
AWS = list(SHAPE.metadata["enum"])


def test_every_status_that_cloudformation_has_is_in_the_table() -> None:
    assert {*AWS} - {"DELETE_COMPLETE"} == {*STATES}


@pytest.mark.parametrize("status", STATES)
def test_a_state_says_what_is_so_and_names_a_next_step(status: str) -> None:
    state = STATES[status]
    assert state.meaning.endswith(".")
    assert "accountsctl" in state.next_step or "AWS console" in state.next_step


@pytest.mark.parametrize("status", [status for status in STATES if status.endswith("_IN_PROGRESS")])
def test_an_operation_in_progress_is_followed_to_a_state_that_is_known(status: str) -> None:
    state = STATES[status]
    if status == "REVIEW_IN_PROGRESS":
        assert not state.in_progress
        return
    assert (state.push, state.recover) == (PushStep.FOLLOW, RecoverStep.FOLLOW)
    assert state.ends_in in {*STATES, "DELETE_COMPLETE"}


@pytest.mark.parametrize("status", [status for status in STATES if status.endswith("_FAILED")])
def test_a_failed_state_is_never_pushed_to(status: str) -> None:
    assert STATES[status].push in (PushStep.REFUSE, PushStep.REPLACE)
    assert not STATES[status].usable


def test_a_status_that_is_not_in_the_table_is_refused_or_followed() -> None:
    assert state_of("MOVE_FAILED").push is PushStep.REFUSE
    assert state_of("MOVE_IN_PROGRESS").push is PushStep.FOLLOW
    assert state_of("MOVE_IN_PROGRESS").delete is DeleteStep.FOLLOW
