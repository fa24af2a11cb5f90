"""Outputs as they are shown: a secret only to who names it."""

from __future__ import annotations

import io

import pytest

import accountsctl.ui.results.registered  # noqa: F401 - to_text and to_json of every result
from accountsctl.model.database_reports import InitResult, SchemaStatus, SnapshotList
from accountsctl.model.events import PushResult
from accountsctl.ui.rendering import to_json, to_text
from accountsctl.ui.results.local import LogFile, LogFiles
from accountsctl.ui.results.stacks import OutputsFound
from accountsctl.ui.screen import Screen

SECRET = "kept between two"
AUTH = {"AppClientID": "1a2b", "AppClientSecret": SECRET, "SecretArn": "arn:aws:secretsmanager:x"}
FOUND = {"auth/shop": AUTH}
ALL = OutputsFound(FOUND)
OF_ONE = OutputsFound(FOUND, "auth/shop", AUTH)


def text(result: object) -> str:
    out = io.StringIO()
    to_text(result, Screen(out, io.StringIO()))
    return out.getvalue()


@pytest.mark.parametrize("result", [ALL, OF_ONE, PushResult("dev", "local", "s", True, (), FOUND, 1.0)])
def test_a_list_of_outputs_hides_secrets_and_nothing_else(result: object) -> None:
    for shown in (text(result), str(to_json(result))):
        assert SECRET not in shown
    assert "'AppClientSecret': '****'" in str(to_json(result))
    assert "'AppClientID': '1a2b', " in str(to_json(result))
    assert "'SecretArn': 'arn:aws:secretsmanager:x'" in str(to_json(result))


def test_a_secret_that_is_named_is_printed_alone() -> None:
    named = OutputsFound(FOUND, "auth/shop", SECRET)
    assert text(named) == f"{SECRET}\n"
    assert to_json(named) == SECRET


def test_without_snapshots_there_is_a_sentence_and_no_empty_table() -> None:
    assert text(SnapshotList(())) == ""
    assert SnapshotList(()).messages == ("There are none: one is taken when a database is deleted.",)


@pytest.mark.parametrize("result", [InitResult((), ()), SchemaStatus(())])
def test_a_schema_without_files_is_said_to_have_none(result: InitResult | SchemaStatus) -> None:
    out, err = io.StringIO(), io.StringIO()
    to_text(result, Screen(out, err))
    assert out.getvalue() == ""
    assert err.getvalue().startswith("There are no schema files yet")


def test_the_logs_of_the_embedded_cloud_are_in_the_json_too() -> None:
    found = LogFiles((LogFile("cloud.log", ("one", "two")),))
    assert to_json(found) == {"files": [{"path": "cloud.log", "lines": ["one", "two"]}]}
