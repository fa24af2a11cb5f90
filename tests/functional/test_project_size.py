"""A project of someone else is read within bounds, whatever lies in it."""

from __future__ import annotations

import os
from pathlib import Path

from accountsctl.adapters.project_files.tree import Tree


def test_a_sparse_file_of_gigabytes_is_a_fault_and_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src/model.bin").touch()
    os.truncate(tmp_path / "src/model.bin", 8 << 30)
    tree = Tree(tmp_path)
    assert tree.bytes("src/model.bin") is None
    assert [(fault.file, "8,589,934,592 bytes" in fault.what) for fault in tree.faults] == [
        ("src/model.bin", True)
    ]


def test_many_files_are_read_up_to_a_limit_for_all_of_them(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        (tmp_path / name).write_bytes(b"1234")
    tree = Tree(tmp_path, most=8)
    assert [tree.bytes(name) for name in ("a", "b", "c")] == [b"1234", b"1234", None]
    assert [fault.file for fault in tree.faults] == ["c"]
