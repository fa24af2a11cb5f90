"""columnMetadata: what JDBC's ResultSetMetaData reports of PostgreSQL's columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from psycopg import pq

from accountsctl.localcloud.rds_data.catalogue import Columns, TableColumn
from accountsctl.localcloud.rds_data.connections import Connection
from accountsctl.localcloud.rds_data.fields import compact
from accountsctl.localcloud.rds_data.parameters import Bound
from accountsctl.localcloud.rds_data.types import PgType, TypeRow, built_in, from_row

if TYPE_CHECKING:
    from mypy_boto3_rds_data.type_defs import ColumnMetadataTypeDef

_TEXT_OID = 25
_UNLIMITED = 2147483647
_NULLABLE_UNKNOWN = 2
_HEADER = 4  # of a varlena: what a type modifier counts in addition to the length
_SIGNED = {"int2", "int4", "int8", "float4", "float8", "numeric"}
_CASELESS = {*_SIGNED, "bool", "oid", "date", "time", "timestamp", "timestamptz"}
_PRECISION = {
    "bool": 1, "int2": 5, "int4": 10, "oid": 10, "int8": 19, "float4": 8, "float8": 17,
    "date": 13, "time": 15, "timestamp": 29, "timestamptz": 35,
}  # fmt: skip
_SCALE = {"float4": 8, "float8": 17, "time": 6, "timestamp": 6, "timestamptz": 6}

NO_COLUMNS: Columns = {}
_TYPE_QUERY = (
    "SELECT typname, typtype, typcategory, typelem FROM pg_catalog.pg_type WHERE oid = $1::text::oid"
)
_COLUMNS_QUERY = """
SELECT a.attrelid, a.attnum, c.relname, a.attnotnull,
       a.attidentity <> '' OR coalesce(pg_catalog.pg_get_expr(d.adbin, d.adrelid) LIKE 'nextval(%', false)
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE c.oid = ANY ($1::text::oid[])
"""


def types_of(connection: Connection, result: pq.abc.PGresult) -> list[PgType]:
    """The type of every column; those that are not built in are read from the database."""
    return [_type(connection, result.ftype(column)) for column in range(result.nfields)]


def describe(connection: Connection, result: pq.abc.PGresult, types: Sequence[PgType]) -> str:
    """columnMetadata, as JSON: an object for each column."""
    tables = _tables(connection, {result.ftable(column) for column in range(result.nfields)} - {0})
    columns = [
        _column(
            (result.fname(column) or b"").decode(),
            kind.name,
            kind.jdbc,
            result.fmod(column),
            tables.get(result.ftable(column), NO_COLUMNS).get(result.ftablecol(column)),
        )
        for column, kind in enumerate(types)
    ]
    return f"[{','.join(columns)}]"


def labels(result: pq.abc.PGresult) -> list[str]:
    return [(result.fname(column) or b"").decode() for column in range(result.nfields)]


def _type(connection: Connection, oid: int) -> PgType:
    built_in_type = built_in(oid)
    if built_in_type is not None:
        return built_in_type
    if connection.in_transaction:
        return _read_type(connection, oid)
    return connection.catalogue.type(oid, lambda oid: _read_type(connection, oid))


def _read_type(connection: Connection, oid: int) -> PgType:
    rows = connection.run(_TYPE_QUERY, [_text(str(oid))]).rows
    row: TypeRow | None = None
    if rows:
        name, typtype, category, element = (value or "" for value in rows[0])
        row = name, typtype, category, int(element or 0)
    return from_row(oid, row, lambda element: _type(connection, element))


def _tables(connection: Connection, oids: set[int]) -> Mapping[int, Columns]:
    if connection.in_transaction:
        return _read_tables(connection, sorted(oids)) if oids else {}
    return connection.catalogue.tables(oids, lambda missing: _read_tables(connection, missing))


def _read_tables(connection: Connection, oids: Sequence[int]) -> Mapping[int, Columns]:
    columns: dict[int, dict[int, TableColumn]] = {oid: {} for oid in oids}
    requested = "{" + ",".join(map(str, oids)) + "}"
    for table, number, name, required, counts_up in connection.run(_COLUMNS_QUERY, [_text(requested)]).rows:
        columns[int(table or 0)][int(number or 0)] = TableColumn(
            name or "", required == "t", counts_up == "t"
        )
    return columns


@lru_cache(maxsize=2048)
def _column(label: str, kind: str, jdbc: int, modifier: int, origin: TableColumn | None) -> str:
    """A column's metadata as JSON; it follows from nothing but these, and the same columns are read again and again."""
    described: ColumnMetadataTypeDef = {
        "arrayBaseColumnType": 0,
        "isAutoIncrement": origin is not None and origin.counts_up,
        "isCaseSensitive": kind not in _CASELESS,
        "isCurrency": False,
        "isSigned": kind in _SIGNED,
        "label": label,
        "name": label,
        "nullable": _NULLABLE_UNKNOWN if origin is None else 0 if origin.required else 1,
        "precision": _precision(kind, modifier),
        "scale": _scale(kind, modifier),
        "schemaName": "",
        "tableName": "" if origin is None else origin.table,
        "type": jdbc,
        "typeName": kind,
    }
    return compact(described)


def _precision(name: str, modifier: int) -> int:
    if name == "numeric":
        return 0 if modifier < 0 else ((modifier - _HEADER) >> 16) & 0xFFFF
    if name in ("varchar", "bpchar") and modifier >= _HEADER:
        return modifier - _HEADER
    return _PRECISION.get(name, _UNLIMITED)


def _scale(name: str, modifier: int) -> int:
    if name == "numeric":
        return 0 if modifier < 0 else (modifier - _HEADER) & 0xFFFF
    if name in ("time", "timestamp", "timestamptz") and modifier >= 0:
        return modifier
    return _SCALE.get(name, 0)


def _text(value: str) -> Bound:
    return Bound(_TEXT_OID, value.encode())
