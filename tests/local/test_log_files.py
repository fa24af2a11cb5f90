"""The events of log groups on disk."""

from __future__ import annotations

import resource
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from accountsctl.localcloud.log_files import GroupName, LogEventFiles

ONE, OTHER_REGION = GroupName("eu-west-1", "/aws/lambda/one"), GroupName("us-east-1", "/aws/lambda/one")


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """Let no file of this process grow beyond `size` bytes: a write takes what fits, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def messages(files: LogEventFiles, group: GroupName = ONE) -> list[str]:
    return [event.message for event in files.read(group)]


def test_events_are_read_as_they_were_written_also_by_the_next_cloud(tmp_path: Path) -> None:
    with closing(LogEventFiles(tmp_path)) as files:
        files.append(ONE, "s", [(1, "a\n"), (2, "ü\ud800\u2028\n")])
        files.append(OTHER_REGION, "s", [(3, "elsewhere")])
        first = files.read(ONE)
    with closing(LogEventFiles(tmp_path)) as files:
        assert files.read(ONE) == first
        assert [(event.milliseconds, event.message) for event in first] == [
            (1, "a\n"),
            (2, "ü\ud800\u2028\n"),
        ]
        assert messages(files, OTHER_REGION) == ["elsewhere"]


def test_each_event_has_an_id_of_its_own(tmp_path: Path) -> None:
    with closing(LogEventFiles(tmp_path)) as files:
        files.append(ONE, "s", [(1, "same"), (1, "same")])
        files.append(ONE, "t", [(1, "same")])
        files.append(ONE, "t", [(1, "same")])
        assert len({event.id for event in files.read(ONE)}) == 4
        assert files.read(ONE) == files.read(ONE)


def test_no_events_delete_no_stream(tmp_path: Path) -> None:
    with closing(LogEventFiles(tmp_path)) as files:
        files.append(ONE, "s", [(1, "kept")])
        files.append(ONE, "s", [])
        assert messages(files) == ["kept"]


def test_a_record_that_a_full_disk_takes_in_part_spoils_no_other(tmp_path: Path) -> None:
    with closing(LogEventFiles(tmp_path)) as files:
        files.append(ONE, "s", [(1, "before")])
        with largest_file(100):
            files.append(ONE, "s", [(2, "cut" * 100)])
        files.append(ONE, "s", [(3, "after")])
        assert messages(files) == ["before", "after"]


def test_a_record_that_a_kill_cut_off_spoils_no_other(tmp_path: Path) -> None:
    with closing(LogEventFiles(tmp_path)) as files:
        files.append(ONE, "s", [(1, "before")])
    (file,) = tmp_path.iterdir()
    with file.open("ab") as torn:
        torn.write(b'["s", [[2, "cut')
    with closing(LogEventFiles(tmp_path)) as files:
        assert messages(files) == ["before"]
        files.append(ONE, "s", [(3, "after")])
        assert messages(files) == ["before", "after"]


def test_a_group_keeps_its_last_events_in_bounded_space(tmp_path: Path) -> None:
    with closing(LogEventFiles(tmp_path, rotate_at=1000)) as files:
        for number in range(200):
            files.append(ONE, "s", [(number, f"event {number}")])
        kept = messages(files)
    assert kept == [f"event {number}" for number in range(200 - len(kept), 200)]
    assert 20 < len(kept) < 100
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) < 2100


def test_what_is_deleted_is_gone_and_what_comes_later_stays(tmp_path: Path) -> None:
    with closing(LogEventFiles(tmp_path)) as files:
        files.append(ONE, "s", [(1, "old")])
        files.append(ONE, "t", [(1, "other")])
        files.forget_stream(ONE, "s")
        files.append(ONE, "s", [(2, "new")])
        assert messages(files) == ["other", "new"]
        files.forget(ONE)
        assert messages(files) == []
        files.append(ONE, "s", [(3, "newer")])
        assert messages(files) == ["newer"]


def test_a_group_with_the_longest_name_has_a_file(tmp_path: Path) -> None:
    group = GroupName("eu-west-1", "/" * 512)
    with closing(LogEventFiles(tmp_path)) as files:
        files.append(group, "s", [(1, "kept")])
        assert messages(files, group) == ["kept"]


def test_events_that_cannot_be_written_fail_nothing(tmp_path: Path) -> None:
    with closing(LogEventFiles(tmp_path)) as files:
        files.append(ONE, "s", [(1, "a")])
        files.close()
        (file,) = tmp_path.iterdir()
        file.unlink()
        file.mkdir()
        files.append(ONE, "s", [(1, "lost")])
        file.rmdir()
        files.append(ONE, "s", [(2, "kept")])
        assert messages(files) == ["kept"]


def test_a_folder_that_was_deleted_comes_back(tmp_path: Path) -> None:
    for message in ("first", "second"):
        with closing(LogEventFiles(tmp_path / "groups")) as files:
            files.append(ONE, "s", [(1, message)])
            assert messages(files) == [message]
        shutil.rmtree(tmp_path / "groups")
