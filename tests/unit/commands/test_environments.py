"""The availability zones that `env add` writes: those that are stated, or those that AWS lists at that moment."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from accountsctl.adapters.project_files.workspace import FileWorkspace
from accountsctl.commands.project.environments import Environments, NewEnvironment
from accountsctl.model.errors import ProjectError, UsageError
from accountsctl.model.reports import EditResult
from tests.fakes.zones import FakeZones
from tests.sample import copy_sample_files

FILE = "amplify/environments/stage.json"


class Account:
    """Zones by region and profile; remembers which were requested."""

    def __init__(self, *names: str) -> None:
        self.zones = FakeZones(names)
        self.requested: list[tuple[str, str | None]] = []

    def __call__(self, region: str, profile: str | None) -> FakeZones:
        self.requested.append((region, profile))
        return self.zones


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    root = tmp_path / "accounts"
    copy_sample_files(root)
    return root


def add(root: Path, account: Account, zones: str | None, cloud: str = "aws") -> EditResult:
    new = NewEnvironment("stage", cloud=cloud, region="eu-west-1", profile="team", zones=zones)
    return Environments(FileWorkspace(root), account).add(new)


def test_auto_asks_the_environments_own_account_once_and_writes_literals(sample: Path) -> None:
    account = Account("eu-west-1a", "eu-west-1c")
    result = add(sample, account, "auto")
    assert json.loads((sample / FILE).read_text())["zones"] == ["eu-west-1a", "eu-west-1c"]
    assert account.requested == [("eu-west-1", "team")]
    assert not any("zones" in note for note in result.notes)


def test_stated_zones_are_written_in_their_order_without_a_request(sample: Path) -> None:
    account = Account()
    add(sample, account, "eu-west-1c, eu-west-1a")
    assert json.loads((sample / FILE).read_text())["zones"] == ["eu-west-1c", "eu-west-1a"]
    assert account.requested == []


@pytest.mark.parametrize("zones", ["", "euw1-az1,euw1-az2", "eu-west-1a,eu-west-1a"])
def test_what_is_no_list_of_zones_is_refused(sample: Path, zones: str) -> None:
    with pytest.raises(ProjectError) as refused:
        add(sample, Account(), zones)
    assert '"zones"' in refused.value.faults[0].what
    assert not (sample / FILE).exists()


def test_one_zone_is_too_few_for_a_database(sample: Path) -> None:
    with pytest.raises(UsageError, match="no two availability zones"):
        add(sample, Account("eu-west-1b"), "auto")
    assert not (sample / FILE).exists()


def test_the_embedded_cloud_is_not_asked(sample: Path) -> None:
    with pytest.raises(UsageError, match="not deployed there"):
        add(sample, Account("eu-west-1a", "eu-west-1b"), "auto", cloud="local")


def test_an_environment_on_aws_without_zones_says_what_to_do(sample: Path) -> None:
    account = Account()
    assert any("--zones auto" in note for note in add(sample, account, None).notes)
    assert account.requested == []
