"""What lies in a project's folder runs no code unless this user's accountsctl put it there."""

from __future__ import annotations

import importlib.metadata
import json
import os
import pickle
import shutil
from pathlib import Path

import pytest

from accountsctl.localcloud.client import LocalCloudClient, LocalCloudError
from accountsctl.localcloud.lambdas.code import code_hash
from accountsctl.localcloud.lambdas.debugging import Debugging
from accountsctl.localcloud.lambdas.environment import CloudAccess
from accountsctl.localcloud.lambdas.node_sdk import NodeSdk
from accountsctl.localcloud.lambdas.pools import FunctionPools
from accountsctl.localcloud.rds_data.postgres.process import CONFIGURATION, own_configuration
from accountsctl.localcloud.state import snapshot, trust
from accountsctl.localcloud.state.snapshot import DamagedError, State, StateError
from tests.local.lambdas.conftest import FakeLookups
from tests.local.project import LocalProject, copy_sample
from tests.local.state import saved

MOTO = importlib.metadata.version("moto")
COMMANDS = (
    ("push", "--yes"),
    ("local", "start"),
    ("local", "status"),
)
OTHER_COMMANDS = (
    ("push", "--dry-run"),
    ("status",),
    ("outputs",),
    ("export",),
    ("doctor",),
    ("doctor", "cors"),
    ("db", "status"),
    ("db", "query", "SELECT 1"),
    ("auth", "token"),
    ("call", "GET", "/accounts"),
    ("logs",),
    ("local", "stop"),
    ("local", "logs"),
    ("delete", "--yes"),
)


class Payload:
    """Touches a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, ...]:
        return Path.touch, (self.path,)


def hostile_state(ran: Path) -> bytes:
    head = {"format": 2, "moto": MOTO, "services": {"gateway": {}, "cloudformation": {}}}
    forged = b"accountsctl-state " + b"0" * 64 + b"\n"
    return forged + json.dumps(head).encode() + b"\n" + pickle.dumps(Payload(ran))


@pytest.fixture
def ran(tmp_path: Path) -> Path:
    """Exists if hostile code ran."""
    return tmp_path / "ran"


@pytest.fixture
def clone(tmp_path: Path, ran: Path) -> LocalProject:
    """A project as a hostile repository would carry it."""
    project = copy_sample(tmp_path / "clone")
    folder = project.root / "amplify/.local"
    folder.mkdir()
    (folder / "state").write_bytes(hostile_state(ran))
    (folder / "state.previous").write_bytes(hostile_state(ran))
    (folder / "mark").write_text("0" * 64)
    return project


@pytest.mark.parametrize(
    "words",
    [*COMMANDS, *(pytest.param(words, marks=pytest.mark.slow) for words in OTHER_COMMANDS)],
    ids=" ".join,
)
def test_no_command_runs_what_a_clone_carries(clone: LocalProject, ran: Path, words: tuple[str, ...]) -> None:
    done = clone.run(*words, expect=None)
    assert not ran.exists()
    assert "Traceback" not in done.err
    assert (clone.root / "amplify/.local/state").read_bytes() == hostile_state(ran)


def test_the_refusal_says_what_to_do(clone: LocalProject) -> None:
    done = clone.run("local", "start", expect=3)
    assert "accountsctl local trust" in done.err
    assert "If it came with a repository, remove it." in done.err


@pytest.mark.slow
def test_a_folder_that_its_user_trusts_is_opened(tmp_path: Path) -> None:
    cloud = LocalCloudClient(tmp_path / "state")
    cloud.start()
    cloud.stop()
    (tmp_path / "state" / "mark").unlink()
    with pytest.raises(LocalCloudError, match="nothing in it is opened"):
        cloud.start()
    assert cloud.trust()
    assert cloud.start().started
    cloud.stop()


def test_a_state_that_a_pull_replaced_is_not_opened(tmp_path: Path, ran: Path) -> None:
    """The folder is ours, its state is not: git replaces ignored files without a question."""
    trust.claim(tmp_path / "state")
    (tmp_path / "state" / "state").write_bytes(hostile_state(ran))
    with pytest.raises(LocalCloudError, match="does not bear this user's mark"):
        LocalCloudClient(tmp_path / "state").start()
    assert not ran.exists()


def test_a_link_is_not_a_folder_of_ours(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(trust.TrustError, match="is a link"):
        trust.claim(tmp_path / "link")


STATE = State({"a": 1}, {"moto/a": b"control"})
OTHER = State({"a": 2}, {"moto/a": b"other"})


@pytest.mark.parametrize("damage", ["cut", "empty", "flipped", "gone"])
def test_a_damaged_state_gives_way_to_the_one_before_and_is_kept_aside(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "state"
    saved.write(path, STATE, MOTO)
    saved.write(path, OTHER, MOTO)
    assert snapshot.read(path, MOTO) == OTHER
    data = path.read_bytes()
    match damage:
        case "cut":
            path.write_bytes(data[:-1])
        case "empty":
            path.write_bytes(b"")
        case "flipped":
            path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
        case _:
            path.unlink()
    assert snapshot.read(path, MOTO) == STATE
    assert (tmp_path / "state.damaged").exists() == (damage != "gone")


def test_a_state_without_a_generation_before_is_refused_and_left(tmp_path: Path) -> None:
    path = tmp_path / "state"
    saved.write(path, STATE, MOTO)
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(DamagedError):
        snapshot.read(path, MOTO)
    assert path.exists()


def test_another_moto_is_named_with_the_command_that_installs_it(tmp_path: Path) -> None:
    saved.write(tmp_path / "state", STATE, "5.2.4")
    with pytest.raises(StateError) as refused:
        snapshot.read(tmp_path / "state", "5.2.6")
    assert "pip install moto==5.2.4" in refused.value.hint
    assert "reset" not in refused.value.hint.replace("reset --keep-databases", "")


def test_what_is_written_can_be_marked_again(tmp_path: Path) -> None:
    path = tmp_path / "state"
    path.write_bytes(b'{"format":2,"moto":"1","services":{}}\nold')
    snapshot.renew_mark(path)
    snapshot.renew_mark(path)
    assert snapshot.read(path, "1") == State({}, {snapshot.ALL_OF_MOTO: b"old"})


def test_code_that_an_earlier_daemon_left_is_not_used(tmp_path: Path) -> None:
    left = tmp_path / "code" / code_hash(b"zip")
    left.mkdir(parents=True)
    (left / "index.py").write_text("hostile")
    FunctionPools(
        lambda: CloudAccess(""),
        tmp_path / "code",
        NodeSdk(tmp_path / "sdk", lambda _name, _folder: None),
        Debugging(FakeLookups(), lambda _: None),
    )
    assert not left.exists()


def test_settings_that_someone_wrote_are_replaced(tmp_path: Path) -> None:
    for name in CONFIGURATION:
        (tmp_path / name).write_text("archive_command = 'touch ran'")
    (tmp_path / "pg_hba.conf").unlink()
    (tmp_path / "pg_hba.conf").symlink_to(tmp_path / "elsewhere")
    own_configuration(tmp_path)
    assert {name: (tmp_path / name).read_text() for name in CONFIGURATION} == CONFIGURATION
    assert not (tmp_path / "elsewhere").exists()


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_bytes(b"k" * 32)
    path.chmod(0o644)
    with pytest.raises(trust.TrustError, match="this user alone"):
        trust.read_key(path)
    path.chmod(0o600)
    assert trust.read_key(path) == b"k" * 32
    shutil.rmtree(tmp_path)
    assert trust.read_key(path) == trust.read_key(path)
    assert os.stat(path).st_mode & 0o777 == 0o600  # noqa: PTH116
