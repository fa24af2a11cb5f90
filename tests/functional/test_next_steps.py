"""What a push advises to type once it is done: commands that work as they stand."""

from __future__ import annotations

from click.testing import CliRunner

from accountsctl.cli import cli
from accountsctl.cli.push_once import next_steps
from tests.functional.push_world import World


def advised(world: World) -> list[str]:
    """The commands without the program's name."""
    assembly = world.assembly()
    steps = next_steps(assembly, {child.id for child in assembly.children})
    return [step.partition(" ")[2] for step in steps]


def test_the_only_api_is_called_by_its_path_alone(world: World) -> None:
    assert advised(world) == ["db init", "call GET /accounts", "auth token"]


def test_one_of_several_apis_is_named_since_a_call_must_name_it_too(world: World) -> None:
    added = ("add function hello --runtime python3.14", "add api other --path /hello --function hello")
    for words in ("env checkout dev", *added):
        result = CliRunner().invoke(cli, ["-C", str(world.root), *words.split()])
        assert result.exit_code == 0, result.output
    assert advised(world) == ["db init", "call GET /accounts --api accountsAPI", "auth token"]


def test_what_a_push_did_not_bring_is_not_advised(world: World) -> None:
    assembly = world.assembly()
    assert next_steps(assembly, ()) == ()
    database = [child.id for child in assembly.children if child.id.category == "rds"]
    assert [step.partition(" ")[2] for step in next_steps(assembly, database)] == ["db init"]
