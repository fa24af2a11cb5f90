"""Tables that moto reads when it is imported, read when they are first used instead.

moto.ec2 reads the instance types, and which of them each region offers: 56 MB of memory and a quarter of a second at
every start, for calls that few projects make. moto.ssm imports moto.ec2, so this cannot be left out.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from typing import Any, overload

OFFERINGS = "ec2/resources/instance_type_offerings/"
TYPES = "ec2/resources/instance_types.json"
Row = dict[str, Any]
"""A type or an offering, as DescribeInstanceTypes and DescribeInstanceTypeOfferings return them."""


class LateRows(Sequence[Row]):
    """Rows that `read` returns at their first use; none before `open`, because moto goes through them on import."""

    def __init__(self, read: Callable[[], list[Row]]) -> None:
        self._read = read
        self._rows: list[Row] | None = []

    def open(self) -> None:
        """From now on there are rows."""
        self._rows = None

    def _known(self) -> list[Row]:
        if self._rows is None:
            self._rows = self._read()
        return self._rows

    def __len__(self) -> int:
        return len(self._known())

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> list[Row]: ...
    def __getitem__(self, index: int | slice) -> Row | list[Row]:
        return self._known()[index]


def import_late() -> None:
    """Import moto.ec2 without its tables; does nothing if it is imported already."""
    utilities: Any = importlib.import_module("moto.utilities.utils")
    load = utilities.load_resource
    late: list[LateRows] = []

    def load_late(resource: str) -> object:
        name = resource.replace("\\", "/")
        if name == TYPES:
            return {}
        if not name.startswith(OFFERINGS):
            return load(resource)
        kind = name.split("/")[-2]
        late.append(LateRows(lambda: [{**row, "LocationType": kind} for row in load(resource)]))
        return late[-1]

    utilities.load_resource = load_late
    try:
        instances: Any = importlib.import_module("moto.ec2.models.instance_types")
    finally:
        utilities.load_resource = load
    if late:  # otherwise it was imported before
        late.append(LateRows(lambda: _instance_types(instances, load(TYPES))))
        instances.InstanceTypeBackend.instance_types = late[-1]
    for rows in late:
        rows.open()


def _instance_types(instances: Any, table: dict[str, Row]) -> list[Row]:
    """moto's own objects, which look their values up in its table when they are created."""
    instances.INSTANCE_TYPES.update(table)
    return [instances.InstanceType(name) for name in table]
