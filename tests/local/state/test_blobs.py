"""Large contents are stored next to the state, for as long as the state names them."""

from __future__ import annotations

from pathlib import Path

import pytest

from accountsctl.localcloud.client import LocalCloudClient
from accountsctl.localcloud.state import freezing, snapshot
from accountsctl.localcloud.state.blobs import SMALL, SMALL_CONTENT, Blobs
from tests.local.conftest import ServiceClients

LARGE, OTHER = b"a" * (SMALL + 1), b"b" * (SMALL + 1)


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    return Blobs(tmp_path / "blobs", snapshot.write_private)


def test_large_contents_come_back_though_the_state_is_small(blobs: Blobs) -> None:
    frozen = freezing.freeze({"large": LARGE, "small": b"x"}, {}, blobs)
    assert len(frozen) < 1000
    assert freezing.thaw(frozen, {}, blobs) == {"large": LARGE, "small": b"x"}


def test_a_content_of_some_kilobytes_is_stored_apart_so_that_many_of_them_are_not_written_each_time(
    blobs: Blobs,
) -> None:
    assert SMALL_CONTENT < 8 * 1024
    assert len(freezing.freeze([b"c" * (SMALL_CONTENT + 1)], {}, blobs)) < 1000


def test_a_content_is_written_once_and_readable_by_its_owner_alone(blobs: Blobs, tmp_path: Path) -> None:
    freezing.freeze([LARGE], {}, blobs)
    (path,) = (tmp_path / "blobs").iterdir()
    before = path.stat()
    freezing.freeze([bytes(bytearray(LARGE))], {}, blobs)
    assert path.stat().st_mtime_ns == before.st_mtime_ns
    assert before.st_mode & 0o777 == 0o600


def test_only_what_the_last_two_states_name_is_kept(blobs: Blobs, tmp_path: Path) -> None:
    folder = tmp_path / "blobs"
    large, other = blobs.put(LARGE), blobs.put(OTHER)
    (folder / ".half.written").write_bytes(b"x")
    blobs.sweep({large, other})
    assert len(list(folder.iterdir())) == 3  # what the state before that one names is not known
    blobs.sweep({other})
    assert {path.name for path in folder.iterdir()} == {large, other}
    blobs.sweep({other})
    assert [path.name for path in folder.iterdir()] == [other]
    assert blobs.get(other) == OTHER


def test_a_damaged_content_is_refused(blobs: Blobs, tmp_path: Path) -> None:
    frozen = freezing.freeze([LARGE], {}, blobs)
    (path,) = (tmp_path / "blobs").iterdir()
    path.write_bytes(LARGE[:-1])
    with pytest.raises(ValueError, match="is damaged"):
        freezing.thaw(frozen, {}, blobs)


def test_a_state_that_needs_contents_is_refused_without_them(blobs: Blobs) -> None:
    frozen = freezing.freeze([LARGE], {}, blobs)
    with pytest.raises(snapshot.StateError):
        freezing.thaw(frozen, {})


def test_an_object_of_s3_outlives_the_daemon_next_to_its_state(
    cloud: LocalCloudClient, client: ServiceClients
) -> None:
    bucket = "outlives-the-daemon"
    s3 = client("s3")
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_object(Bucket=bucket, Key="large", Body=LARGE)
    cloud.stop()
    assert client("s3").get_object(Bucket=bucket, Key="large")["Body"].read() == LARGE
    client("s3").delete_object(Bucket=bucket, Key="large")
    client("s3").delete_bucket(Bucket=bucket)


def test_a_state_of_an_early_version_names_the_module_as_it_was_called_then() -> None:
    assert freezing.thaw(b"caccountsctl.local.snapshot\n_defaulting\n.", {}) is snapshot._defaulting
