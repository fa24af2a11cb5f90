"""Write the tables of docs/embedded-cloud.md: which clients its tests run, and which resource types it supports.

python tools/make_clients.py            write them
python tools/make_clients.py --check    exit 1 if they are out of date
"""

from __future__ import annotations

import importlib
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))  # for `tests` and `tools`, which are not installed

from accountsctl.localcloud.supported_types import SUPPORTED_TYPES  # noqa: E402
from tools.marked import filled  # noqa: E402

TARGET = ROOT / "docs/embedded-cloud.md"
TYPES = ROOT / "accountsctl/localcloud/cloudformation/resource_schemas/types.txt"
SCRIPT = "tools/make_clients.py"


def exercises() -> list[tuple[str, str, str]]:
    """Name, version and what is run of each client, as the tests state it."""
    found: list[tuple[str, str, str]] = []
    for path in sorted((ROOT / "tests/clients").glob("test_*.py")):
        module = importlib.import_module(f"tests.clients.{path.stem}")
        for name, test in vars(module).items():
            if name.startswith("test_") and hasattr(test, "exercises"):
                found.extend((client.name, client.version, what) for client, what in test.exercises)
    return sorted(found)


def types_by_service() -> dict[str, list[str]]:
    """The supported types without ``AWS::SERVICE::``, by service."""
    services: dict[str, list[str]] = defaultdict(list)
    for name in sorted(SUPPORTED_TYPES):
        vendor, service, kind = name.split("::", 2)
        services[service if vendor == "AWS" else vendor].append(kind)
    return services


def tables() -> Iterator[str]:
    """The lines between the marks."""
    yield from ("| client | version | what the tests run |", "|---|---|---|")
    yield from (f"| {name} | {version} | {what} |" for name, version, what in exercises())
    every = TYPES.read_text("utf-8").split()
    refused = len([name for name in every if name not in SUPPORTED_TYPES])
    yield from ("", "| service | resource types of CloudFormation that are supported |", "|---|---|")
    yield from (f"| {service} | {', '.join(kinds)} |" for service, kinds in types_by_service().items())
    yield from (
        "",
        f"The other {refused:,} types are refused before anything is created. Services without a type here, or below",
        "[Services](#services), answer what they do not have with an error of their own protocol and status 501.",
    )


def main() -> int:
    """Write or check."""
    current = TARGET.read_text("utf-8")
    wanted = filled(current, SCRIPT, tables())
    if "--check" in sys.argv[1:]:
        return int(current != wanted)
    TARGET.write_text(wanted, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
