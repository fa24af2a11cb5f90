"""What the tests of a project's files share."""

from __future__ import annotations

from pathlib import Path

LOCAL = "amplify/.config/local-env-info.json"


def snapshot(root: Path) -> dict[str, bytes]:
    return {
        str(file.relative_to(root)): file.read_bytes() for file in sorted(root.rglob("*")) if file.is_file()
    }
