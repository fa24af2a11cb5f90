"""What takes the most of some code is named as a person would leave it out."""

from __future__ import annotations

import pytest

from accountsctl.model.code_sizes import by_part, largest, part_of


@pytest.mark.parametrize(
    ("path", "part"),
    [
        ("index.py", "index.py"),
        ("numpy/core/x.so", "numpy"),
        ("node_modules/ms/index.js", "node_modules/ms"),
        ("node_modules/@aws-sdk/client-s3/dist/x.js", "node_modules/@aws-sdk/client-s3"),
        ("nodejs/node_modules/ms/index.js", "nodejs/node_modules/ms"),
        ("node_modules", "node_modules"),
    ],
)
def test_a_part_is_a_package_a_folder_or_a_file(path: str, part: str) -> None:
    assert part_of(path) == part


def test_the_largest_come_first_and_the_small_ones_are_left_out() -> None:
    sizes = {"a/1": 1, "a/2": 2_000, "b": 5, "c": 4, "d": 3, "e": 2}
    assert by_part(sizes)["a"] == 2_001
    assert largest(by_part(sizes)) == "a 2,001 bytes, b 5 bytes, c 4 bytes, d 3 bytes"
