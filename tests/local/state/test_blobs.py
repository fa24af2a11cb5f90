"""Large contents are stored next to the state, for as long as the state names them."""

from __future__ import annotations

from pathlib import Path

import pytest

from accountsctl.localcloud.client import LocalCloudClient
from accountsctl.localcloud.state import snapshot
from accountsctl.localcloud.state.blobs import SMALL, Blobs
from tests.local.conftest import ServiceClients

LARGE, OTHER = b"a" * (SMALL + 1), b"b" * (SMALL + 1)


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    return Blobs(tmp_path / "blobs", snapshot.write_private)


def test_large_contents_come_back_though_the_state_is_small(blobs: Blobs) -> None:
    frozen = snapshot.freeze({"large": LARGE, "small": b"x"}, {}, blobs)
    assert len(frozen) < 1000
    assert snapshot.thaw(frozen, {}, blobs) == {"large": LARGE, "small": b"x"}


def test_a_content_is_written_once_and_readable_by_its_owner_alone(blobs: Blobs, tmp_path: Path) -> None:
    snapshot.freeze([LARGE], {}, blobs)
    (path,) = (tmp_path / "blobs").iterdir()
    before = path.stat()
    snapshot.freeze([bytes(bytearray(LARGE))], {}, blobs)
    assert path.stat().st_mtime_ns == before.st_mtime_ns
    assert before.st_mode & 0o777 == 0o600


def test_only_what_the_last_state_names_is_kept(blobs: Blobs, tmp_path: Path) -> None:
    first = snapshot.freeze([LARGE, OTHER], {}, blobs)
    blobs.sweep()
    assert snapshot.thaw(first, {}, blobs) == [LARGE, OTHER]
    (tmp_path / "blobs" / ".half.written").write_bytes(b"x")
    second = snapshot.freeze([OTHER], {}, blobs)
    assert snapshot.thaw(first, {}, blobs) == [LARGE, OTHER]  # the new state is not on disk yet
    blobs.sweep()
    assert snapshot.thaw(first, {}, blobs) == [LARGE, OTHER]  # it is the one before the last
    snapshot.freeze([OTHER], {}, blobs)
    blobs.sweep()
    assert snapshot.thaw(second, {}, blobs) == [OTHER]
    assert len(list((tmp_path / "blobs").iterdir())) == 1


def test_a_damaged_content_is_refused(blobs: Blobs, tmp_path: Path) -> None:
    frozen = snapshot.freeze([LARGE], {}, blobs)
    (path,) = (tmp_path / "blobs").iterdir()
    path.write_bytes(LARGE[:-1])
    with pytest.raises(ValueError, match="is damaged"):
        snapshot.thaw(frozen, {}, blobs)


def test_a_state_that_needs_contents_is_refused_without_them(blobs: Blobs) -> None:
    frozen = snapshot.freeze([LARGE], {}, blobs)
    with pytest.raises(snapshot.StateError):
        snapshot.thaw(frozen, {})


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
