"""PostgreSQL's types, as the Data API returns them: by OID for the built-in ones, by pg_type for the rest.

Kinds say how a value becomes a Field. A type that is not listed here is refused with
UnsupportedResultException, as the real service does (interval, money, xml, regclass, geometry ...): the
remedy there and here is a cast to text.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Kind = Literal["bool", "long", "double", "decimal", "text", "instant", "json", "blob", "array", "unsupported"]

ARRAY_TYPE = 2003


@dataclass(frozen=True)
class PgType:
    """A type: its name in pg_type, how its values are returned, its java.sql.Types number; an array's element type."""

    oid: int
    name: str
    kind: Kind
    jdbc: int
    element: PgType | None = None


def _simple(oid: int, name: str, kind: Kind, jdbc: int) -> PgType:
    return PgType(oid, name, kind, jdbc)


_SCALARS = (
    _simple(16, "bool", "bool", -7),
    _simple(17, "bytea", "blob", -2),
    _simple(19, "name", "text", 12),
    _simple(20, "int8", "long", -5),
    _simple(21, "int2", "long", 5),
    _simple(23, "int4", "long", 4),
    _simple(25, "text", "text", 12),
    _simple(26, "oid", "text", -5),
    _simple(114, "json", "json", 1111),
    _simple(650, "cidr", "text", 1111),
    _simple(700, "float4", "double", 7),
    _simple(701, "float8", "double", 8),
    _simple(705, "unknown", "text", 12),
    _simple(869, "inet", "text", 1111),
    _simple(1042, "bpchar", "text", 1),
    _simple(1043, "varchar", "text", 12),
    _simple(1082, "date", "text", 91),
    _simple(1083, "time", "text", 92),
    _simple(1114, "timestamp", "text", 93),
    _simple(1184, "timestamptz", "instant", 93),
    _simple(1700, "numeric", "decimal", 2),
    _simple(2278, "void", "text", 1111),
    _simple(2950, "uuid", "text", 1111),
    _simple(3802, "jsonb", "json", 1111),
    _simple(3904, "int4range", "text", 1111),
    _simple(3906, "numrange", "text", 1111),
    _simple(3910, "tstzrange", "text", 1111),
)
_BY_OID = {item.oid: item for item in _SCALARS}

# The array of each element type that the service returns.
_ARRAYS = {
    1000: 16, 1003: 19, 1005: 21, 1007: 23, 1009: 25, 1014: 1042, 1015: 1043, 1016: 20, 1021: 700,
    1022: 701, 1115: 1114, 1182: 1082, 1183: 1083, 1185: 1184, 1231: 1700, 199: 114, 2951: 2950, 3807: 3802,
}  # fmt: skip
for _oid, _element in _ARRAYS.items():
    _element_type = _BY_OID[_element]
    _BY_OID[_oid] = PgType(_oid, f"_{_element_type.name}", "array", ARRAY_TYPE, _element_type)

# A row of pg_type, for a type that is not built in: typname, typtype, typcategory, typelem.
TypeRow = tuple[str, str, str, int]
_SUPPORTED_BY_NAME = {"vector"}


def built_in(oid: int) -> PgType | None:
    return _BY_OID.get(oid)


def from_row(oid: int, row: TypeRow | None, element: Callable[[int], PgType]) -> PgType:
    """A type from its row in pg_type: enums, vectors and arrays of enums are supported, nothing else."""
    if row is None:
        return PgType(oid, str(oid), "unsupported", 1111)
    name, typtype, category, typelem = row
    if typtype == "e":
        return PgType(oid, name, "text", 12)
    if name in _SUPPORTED_BY_NAME:
        return PgType(oid, name, "text", 1111)
    if category == "A" and typelem:
        element_type = element(typelem)
        # An enum's array is returned; the built-in arrays that are missing above are not.
        if element_type.oid not in _BY_OID and element_type.kind == "text":
            return PgType(oid, name, "array", ARRAY_TYPE, element_type)
    return PgType(oid, name, "unsupported", ARRAY_TYPE if category == "A" else 1111)


def unsupported_name(kind: PgType) -> str:
    """How the service names a type that it does not return."""
    return '"CHAR"' if kind.name == "char" else kind.name
