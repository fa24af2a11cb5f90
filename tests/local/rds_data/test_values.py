"""Values: how each type comes back as a Field, and how each parameter is bound."""

from __future__ import annotations

import base64

import pytest

from tests.local.rds_data.conftest import Caller, Refused, param


@pytest.mark.parametrize(
    ("expression", "field"),
    [
        ("true", {"booleanValue": True}),
        ("1::int2", {"longValue": 1}),
        ("123", {"longValue": 123}),
        ("9223372036854775807", {"longValue": 9223372036854775807}),
        ("count(*)", {"longValue": 1}),
        ("3.14::float4", {"doubleValue": 3.14}),
        ("1e-7::float8", {"doubleValue": 1e-7}),
        ("'NaN'::float8", {"doubleValue": "NaN"}),
        ("123456.7890::numeric(12,4)", {"stringValue": "123456.7890"}),
        ("'é x'::text", {"stringValue": "é x"}),
        ("'ab'::char(4)", {"stringValue": "ab  "}),
        ("'n'::name", {"stringValue": "n"}),
        ("'192.168.0.1/24'::inet", {"stringValue": "192.168.0.1/24"}),
        ("'10.0.0.0/8'::cidr", {"stringValue": "10.0.0.0/8"}),
        ("date '2020-09-17'", {"stringValue": "2020-09-17"}),
        ("time '13:49:32.780180'", {"stringValue": "13:49:32.78018"}),
        ("timestamp '2020-09-17 13:49:32.780180'", {"stringValue": "2020-09-17 13:49:32.78018"}),
        ("timestamptz '2020-09-17 13:49:32+02'", {"stringValue": "2020-09-17 11:49:32"}),
        ("timestamptz 'infinity'", {"stringValue": "infinity"}),
        ("""'{"x": 0, "y z": "0 1"}'::jsonb""", {"stringValue": '{"x":0,"y z":"0 1"}'}),
        ("""'{"x" : [1, 2.50]}'::json""", {"stringValue": '{"x":[1,2.50]}'}),
        ("'\\x00ff'::bytea", {"blobValue": base64.b64encode(b"\x00\xff").decode()}),
        ("26::oid", {"stringValue": "26"}),
        ("int4range(1, 3)", {"stringValue": "[1,3)"}),
        ("pg_advisory_lock(1)", {"stringValue": ""}),
        ("NULL", {"isNull": True}),
        ("NULL::int", {"isNull": True}),
        ("ARRAY[true, NULL]", {"arrayValue": {"booleanValues": [True, None]}}),
        ("ARRAY[1, 2]::int8[]", {"arrayValue": {"longValues": [1, 2]}}),
        ("ARRAY[1.5]::float4[]", {"arrayValue": {"doubleValues": [1.5]}}),
        (
            """ARRAY['a b', 'c"d', 'NULL', NULL, '']""",
            {"arrayValue": {"stringValues": ["a b", 'c"d', "NULL", None, ""]}},
        ),
        ("'{}'::int[]", {"arrayValue": {"longValues": []}}),
        ("ARRAY[1.50]::numeric[]", {"arrayValue": {"stringValues": ["1.50"]}}),
        (
            "ARRAY[timestamptz '2020-01-01 01:00+01']",
            {"arrayValue": {"stringValues": ["2020-01-01 00:00:00"]}},
        ),
    ],
)
def test_each_type_comes_back_as_its_field(call: Caller, expression: str, field: dict[str, object]) -> None:
    assert call.value(expression) == field


@pytest.mark.parametrize(
    ("expression", "name"),
    [
        ("'pg_type'::regclass", "regclass"),
        ("'int4'::regtype", "regtype"),
        ("'a'::\"char\"", '"CHAR"'),
        ("1::money", "money"),
        ("interval '1 day'", "interval"),
        ("point '(1,2)'", "point"),
        ("'08:00:2b:01:02:03'::macaddr", "macaddr"),
        ("daterange('2020-01-01', NULL)", "daterange"),
        ("row(1, 2)", "record"),
    ],
)
def test_a_type_that_the_service_does_not_return_is_refused_by_name(
    call: Caller, expression: str, name: str
) -> None:
    with pytest.raises(Refused) as refused:
        call.value(expression)
    assert refused.value.code == "UnsupportedResultException"
    assert refused.value.message == f"The result contains the unsupported data type {name}."


def test_a_multidimensional_array_is_refused(call: Caller) -> None:
    with pytest.raises(Refused, match=r"UnsupportedResultException: .*multidimensional"):
        call.value("ARRAY[[1, 2], [3, 4]]")


def test_enums_and_their_arrays_come_back_as_strings(call: Caller) -> None:
    call.sql("CREATE TYPE mood AS ENUM ('sad', 'glad')")
    try:
        assert call.value("'sad'::mood") == {"stringValue": "sad"}
        assert call.value("ARRAY['sad', 'glad']::mood[]") == {"arrayValue": {"stringValues": ["sad", "glad"]}}
    finally:
        call.sql("DROP TYPE mood")


@pytest.mark.parametrize(
    ("expression", "parameter", "field"),
    [
        (":v", param("v", longValue=2**63 - 1), {"longValue": 2**63 - 1}),
        (":v", param("v", doubleValue=0.1), {"doubleValue": 0.1}),
        (":v", param("v", booleanValue=False), {"booleanValue": False}),
        (":v", param("v", stringValue="'; --"), {"stringValue": "'; --"}),
        (":v", param("v", blobValue="AP8="), {"blobValue": "AP8="}),
        (":v", param("v", isNull=True), {"isNull": True}),
        (":v::integer", param("v", stringValue="12"), {"longValue": 12}),
        (":v::text", param("v", longValue=12), {"stringValue": "12"}),
        (":v", param("v", "UUID", stringValue="e279da6d-e0dc-4fce-9027-297ba928d4b3"), None),
        (":v", param("v", "DATE", stringValue="2020-02-29"), {"stringValue": "2020-02-29"}),
        (":v", param("v", "TIME", stringValue="10:00:00.5"), {"stringValue": "10:00:00.5"}),
        (
            ":v",
            param("v", "TIMESTAMP", stringValue="2020-02-29 10:00:00"),
            {"stringValue": "2020-02-29 10:00:00"},
        ),
        (":v", param("v", "DECIMAL", stringValue="1.50"), {"stringValue": "1.50"}),
        (":v", param("v", "JSON", stringValue='{"a": 1}'), {"stringValue": '{"a":1}'}),
        (
            "string_to_array(:v, ',')::int[]",
            param("v", stringValue="1,2"),
            {"arrayValue": {"longValues": [1, 2]}},
        ),
        (":1", param("1", longValue=7), {"longValue": 7}),
    ],
)
def test_each_parameter_is_bound_as_its_type(
    call: Caller, expression: str, parameter: dict[str, object], field: dict[str, object] | None
) -> None:
    expected = field or parameter["value"]
    assert call.value(expression, parameter) == expected


def test_a_string_meets_a_uuid_column_only_with_a_hint_or_a_cast(call: Caller) -> None:
    value = "e279da6d-e0dc-4fce-9027-297ba928d4b3"
    sql = "SELECT 1 WHERE gen_random_uuid() = :id"
    with pytest.raises(Refused) as refused:
        call.sql(sql, param("id", stringValue=value))
    assert refused.value.code == "DatabaseErrorException"
    assert refused.value.message == (
        "ERROR: operator does not exist: uuid = text; Hint: No operator matches the given name and "
        "argument types. You might need to add explicit type casts.; Position: 34; SQLState: 42883"
    )
    assert call.sql(sql, param("id", "UUID", stringValue=value))["records"] == []
    assert call.sql(f"{sql}::uuid", param("id", stringValue=value))["records"] == []


def test_one_null_may_stand_where_two_types_are_expected(call: Caller, table: str) -> None:
    response = call.sql("SELECT 1 FROM accounts WHERE id = :x OR number = :x", param("x", isNull=True))
    assert response["records"] == []


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"longValue": 1, "stringValue": "1"},
        {"longValue": 2**63},
        {"longValue": True},
        {"booleanValue": 1},
        {"blobValue": "no base64"},
        {"stringValue": "a\0b"},
        {"unknownValue": 1},
    ],
)
def test_a_value_that_is_not_a_field_is_refused(call: Caller, value: dict[str, object]) -> None:
    with pytest.raises(Refused, match=r"ValidationException: .*parameter v "):
        call.sql("SELECT :v", {"name": "v", "value": value})


def test_an_array_parameter_is_refused(call: Caller) -> None:
    with pytest.raises(Refused, match="ValidationException: Array parameters are not supported"):
        call.sql("SELECT :v", param("v", arrayValue={"longValues": [1]}))


@pytest.mark.parametrize(
    ("hint", "text"), [("DATE", "17.9.2020"), ("UUID", "x"), ("JSON", "{"), ("DECIMAL", "1,5")]
)
def test_a_string_that_its_hint_does_not_fit_is_refused(call: Caller, hint: str, text: str) -> None:
    with pytest.raises(Refused, match=f"ValidationException: .*typeHint {hint}"):
        call.sql("SELECT :v", param("v", hint, stringValue=text))
