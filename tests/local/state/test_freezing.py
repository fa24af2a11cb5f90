"""moto's backends come back from parts of their own with what they share, and only what has changed is another part."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest

from accountsctl.localcloud.contracts.lookups import ACCOUNT
from accountsctl.localcloud.moto_services import apps, uses
from accountsctl.localcloud.state import freezing
from accountsctl.localcloud.state.freezing import Freezer

HERE, THERE = "eu-west-1", "us-east-1"
SCOPES = ("ssm", "kms", "secretsmanager")


@pytest.fixture
def tables() -> dict[str, Any]:
    """Tables of moto's own class with few services, empty before and after."""
    apps.configure()
    uses.install()
    found: dict[str, Any] = {}
    for scope in SCOPES:
        theirs = apps.backends(scope)
        found[scope] = type(theirs)(theirs.backend, theirs.service_name)
    return found


def reread(tables: dict[str, Any], freezer: Freezer) -> dict[str, Any]:
    """The tables of another process, from what the freezer gives."""
    fresh = {scope: type(table)(table.backend, table.service_name) for scope, table in tables.items()}
    freezing.restore([part.content for part in freezer.freeze().values()], fresh, None)
    return fresh


def test_a_backend_that_another_one_holds_is_the_one_in_the_table(tables: dict[str, Any]) -> None:
    tables["ssm"][ACCOUNT][HERE].keys = tables["kms"][ACCOUNT][HERE]
    tables["ssm"][ACCOUNT][HERE].regions = tables["kms"][ACCOUNT]
    tables["kms"][ACCOUNT][HERE].known = {"a": 1}
    freezer = Freezer(tables, None)
    fresh = reread(tables, freezer)
    assert fresh["ssm"][ACCOUNT][HERE].keys is fresh["kms"][ACCOUNT][HERE]
    assert fresh["ssm"][ACCOUNT][HERE].regions is fresh["kms"][ACCOUNT]
    assert fresh["kms"][ACCOUNT][HERE].known == {"a": 1}
    assert len(freezer.freeze()) == 2


@pytest.mark.parametrize("shared", [SimpleNamespace(value=1), {"value": 1}, [1], {1}])
def test_what_two_backends_share_stays_shared(tables: dict[str, Any], shared: object) -> None:
    tables["ssm"][ACCOUNT][HERE].mine = [shared]
    tables["kms"][ACCOUNT][THERE].mine = {"deep": {"inside": shared}}
    fresh = reread(tables, Freezer(tables, None))
    assert fresh["ssm"][ACCOUNT][HERE].mine[0] is fresh["kms"][ACCOUNT][THERE].mine["deep"]["inside"]


def test_what_they_begin_to_share_later_is_shared_too(tables: dict[str, Any]) -> None:
    freezer = Freezer(tables, None)
    for scope in SCOPES:
        tables[scope][ACCOUNT][HERE].mine = {}
    assert len(freezer.freeze()) == 3
    shared = SimpleNamespace()
    for scope in SCOPES:
        tables[scope][ACCOUNT][HERE].mine["shared"] = shared
    fresh = reread(tables, freezer)
    assert len({id(fresh[scope][ACCOUNT][HERE].mine["shared"]) for scope in SCOPES}) == 1
    assert len(freezer.freeze()) == 1


def test_only_the_part_of_what_changed_is_another_one(tables: dict[str, Any]) -> None:
    for scope in SCOPES:
        tables[scope][ACCOUNT][HERE].mine = {}
    freezer = Freezer(tables, None)
    before = freezer.freeze()
    tables["kms"][ACCOUNT][HERE].mine["new"] = 1
    after = freezer.freeze()
    assert [name for name in after if after[name] is not before[name]] == [f"moto/kms:{ACCOUNT}:{HERE}"]


@pytest.mark.parametrize(
    "fetch", [lambda all_: all_[HERE], lambda all_: all_.get(HERE), lambda all_: [*all_.values()]]
)
def test_a_backend_that_is_fetched_is_looked_at(
    tables: dict[str, Any], fetch: Callable[[Any], object]
) -> None:
    backend = tables["kms"][ACCOUNT][HERE]
    freezer = Freezer(tables, None)
    freezer.freeze()
    backend.mine = 1
    fetch(tables["kms"][ACCOUNT])
    assert reread(tables, freezer)["kms"][ACCOUNT][HERE].mine == 1


def test_a_backend_that_is_reached_by_another_one_is_looked_at_too(tables: dict[str, Any]) -> None:
    ssm, kms, secrets = (tables[scope][ACCOUNT][HERE] for scope in SCOPES)
    ssm.next, kms.next = kms, secrets
    freezer = Freezer(tables, None)
    freezer.freeze()
    tables["ssm"][ACCOUNT][HERE].next.next.mine = 1
    assert reread(tables, freezer)["secretsmanager"][ACCOUNT][HERE].mine == 1


def test_a_backend_of_no_account_is_stored_as_any_other(tables: dict[str, Any]) -> None:
    freezer = Freezer(tables, None)
    tables["kms"][None][HERE].noted = tables["ssm"][None][HERE].noted = "by a malformed call"
    tables["ssm"][ACCOUNT][HERE].shared = tables["ssm"][None][HERE].shared = [1]
    restored = reread(tables, freezer)
    for scope in ("kms", "ssm"):  # alone, and in one part with another
        assert restored[scope][None][HERE].noted == "by a malformed call"


def test_what_was_not_used_costs_nothing_and_a_complete_state_reports_a_change_of_it(
    tables: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    backend = tables["kms"][ACCOUNT][HERE]
    freezer = Freezer(tables, None)
    before = freezer.freeze()
    backend.mine = 1
    assert freezer.freeze() == before
    assert freezer.freeze(completely=True) != before
    assert f"moto/kms:{ACCOUNT}:{HERE} has changed, though it was not used" in capsys.readouterr().err


def test_a_state_that_could_not_be_made_is_made_at_the_next_time(tables: dict[str, Any]) -> None:
    tables["kms"][ACCOUNT][HERE].mine = 0
    freezer = Freezer(tables, None)
    freezer.freeze()
    tables["kms"][ACCOUNT][HERE].mine = (number for number in [1])  # pickle refuses generators
    with pytest.raises(TypeError):
        freezer.freeze()
    vars(dict.__getitem__(tables["kms"][ACCOUNT], HERE))["mine"] = 2
    assert reread(tables, freezer)["kms"][ACCOUNT][HERE].mine == 2


class Content(str):
    """A content that can be referred to weakly, which bytes cannot."""


class Copying:
    """As an object of S3, which reads its content out of a file for each pickle."""

    made: ClassVar[list[weakref.ref[Content]]] = []

    def __getstate__(self) -> dict[str, str]:
        content = Content("x")
        self.made.append(weakref.ref(content))
        return {"content": content}


def test_what_is_made_for_a_pickle_alone_does_not_stay_in_memory(tables: dict[str, Any]) -> None:
    tables["ssm"][ACCOUNT][HERE].mine = [Copying()]
    freezer = Freezer(tables, None)
    freezer.freeze()
    gc.collect()
    assert [made() for made in Copying.made] == [None]
