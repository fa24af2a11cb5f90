"""The sizes that Lambda accepts, and which parts of some code take the most of them.

250 MB (262,144,000 bytes) unzipped, layers included. The 50 MB for a zip hold for what is sent in the call itself, and
a push uploads to S3. Source: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

UNZIPPED_BYTES = 262_144_000
SHOWN = 4
MODULES = "node_modules"


def by_part(sizes: Mapping[str, int]) -> dict[str, int]:
    """Bytes by what a person would leave out: a package, a folder or a file, from bytes by path."""
    parts: Counter[str] = Counter()
    for path, size in sizes.items():
        parts[part_of(path)] += size
    return dict(parts)


def part_of(path: str) -> str:
    """The package, folder or file that a path belongs to: ``node_modules/@scope/name``, ``numpy``, ``model.bin``."""
    names = path.split("/")
    depth = 1
    if MODULES in names[:-1]:
        depth = names.index(MODULES) + 2
        depth += names[depth - 1].startswith("@")
    return "/".join(names[:depth])


def largest(parts: Mapping[str, int]) -> str:
    """The largest parts, as in ``numpy 120,000,000 bytes, model.bin 90,000,000 bytes``."""
    ordered = sorted(parts.items(), key=lambda part: (-part[1], part[0]))
    return ", ".join(f"{name} {size:,} bytes" for name, size in ordered[:SHOWN])
