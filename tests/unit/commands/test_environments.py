"""The availability zones that `env add` writes: those that are stated, or those that AWS lists at that moment."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

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
    with pytest.raises(UsageError, match="for environments on AWS"):
        add(sample, Account("eu-west-1a", "eu-west-1b"), "auto", cloud="local")


def test_an_environment_on_aws_without_zones_says_what_to_do(sample: Path) -> None:
    account = Account()
    assert any("--zones auto" in note for note in add(sample, account, None).notes)
    assert account.requested == []


def copied(root: Path, *, preview: bool, region: str = "eu-west-1") -> tuple[EditResult, dict[str, Any]]:
    """What a copy of `prod` gives, and its file."""
    new = NewEnvironment("pr-12", region=region, like="prod", preview=preview)
    result = Environments(FileWorkspace(root), Account()).add(new)
    return result, json.loads((root / "amplify/environments/pr-12.json").read_text())


def test_a_preview_can_be_deleted_and_pauses_whatever_it_was_copied_from(sample: Path) -> None:
    result, file = copied(sample, preview=True)
    cluster = file["parameters"]["rds"]["accountsCluster"]
    assert (cluster["DeletionProtection"], cluster["Readers"], cluster["MinCapacity"]) == (False, 0, 0)
    assert cluster["MaxCapacity"] == 8
    assert file["parameters"]["function"] == {"accountsAPI": {"logRetentionDays": 90}}
    assert "protected" not in file
    assert any("DeletionProtection false" in note for note in result.notes)


def test_a_copy_that_is_no_preview_keeps_what_protects_it(sample: Path) -> None:
    assert (
        copied(sample, preview=False)[1]["parameters"]["rds"]["accountsCluster"]["DeletionProtection"] is True
    )


@pytest.mark.parametrize(("region", "same"), [("eu-west-1", True), ("eu-central-1", False)])
def test_a_copy_in_the_same_region_has_its_pools_and_zones_and_asks_for_neither(
    sample: Path, region: str, same: bool
) -> None:
    prod = sample / "amplify/environments/prod.json"
    zones = ["eu-west-1a", "eu-west-1b"]
    prod.write_text(json.dumps({**json.loads(prod.read_text()), "zones": zones}))
    result, file = copied(sample, preview=True, region=region)
    assert ("mfeaccounts" in file["imported"].get("auth", {}), file.get("zones") == zones) == (same, same)
    assert any("import auth" in note for note in result.notes) is not same
    assert any("--zones auto" in note for note in result.notes) is not same
