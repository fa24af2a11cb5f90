"""Which tools an environment needs of this machine, and which of its versions differ from AWS."""

from __future__ import annotations

import pytest

from accountsctl.commands.doctor.findings import Tool, needed
from accountsctl.model.health import Check, Outcome
from tests.fakes import sample
from tests.fakes.host import FakeHost
from tests.unit.commands.doctor.checked import check, checks, with_resource, with_runtime


def test_a_missing_tool_is_a_finding_that_says_what_it_is_for() -> None:
    found = check("tools", tools=lambda _: [Tool("Python", "3"), Tool("moto", None, "it is used", "pip ...")])
    assert found == Check("tools", Outcome.FINDING, "moto is missing: it is used.", "pip ...")


def test_a_runtime_that_another_version_stands_in_for_is_a_note_of_an_embedded_cloud() -> None:
    local, aws = (sample.environment(each).cloud for each in ("dev", "prod"))
    host, made = FakeHost(stand_ins={"python3.13": "Python 3.12"}), with_runtime("python3.13")
    (note,) = [tool.note for tool in needed(local, host, made) if tool.note]
    assert "runs on Python 3.12 here, and on python3.13 on AWS" in note
    assert note.endswith("uv python install 3.13")
    assert not [tool.note for tool in needed(aws, host, made) if tool.note]
    found = checks("tools", tools=lambda _: [Tool("Python", "3"), Tool("runtimes", "", note=note)])
    assert found[1:] == [Check("tools", Outcome.NOTE, note)]


@pytest.mark.parametrize(
    ("here", "version", "engine", "noted"),
    [
        ("16.14", "17", "aurora-postgresql", True),
        ("16.14", "17.4", "aurora-postgresql", True),
        ("17.2", "17", "aurora-postgresql", False),
        ("16.14", "8.0.mysql_aurora.3.08.0", "aurora-mysql", False),
        (None, "17", "aurora-postgresql", False),
    ],
)
def test_a_database_of_another_version_than_on_aws_is_noted(
    here: str | None, version: str, engine: str, noted: bool
) -> None:
    local, aws = (sample.environment(name).cloud for name in ("dev", "prod"))
    made = with_resource("AWS::RDS::DBCluster", Engine=engine, EngineVersion=version)
    notes = [tool.note for tool in needed(local, FakeHost(database=here), made) if tool.note]
    assert [f"PostgreSQL {here} here, and on 17 on AWS." in note for note in notes] == (
        [True] if noted else []
    )
    assert not [tool.note for tool in needed(aws, FakeHost(database=here), made) if tool.note]


def test_only_an_embedded_cloud_needs_its_packages() -> None:
    local, aws = (sample.environment(each).cloud for each in ("dev", "prod"))
    made = sample.assembly("dev")
    names = [each.name for each in needed(aws, FakeHost(), made)]
    assert names == ["Python", "boto3"]
    names = [each.name for each in needed(local, FakeHost(), made)]
    assert names == ["Python", "boto3", "moto", "psycopg", "awslambdaric"]


def test_a_node_function_needs_node_where_the_embedded_cloud_runs_it() -> None:
    local = sample.environment("dev").cloud
    found = list(needed(local, FakeHost(), with_runtime("nodejs24.x")))
    assert [(each.name, each.version) for each in found][-1] == ("node", None)
