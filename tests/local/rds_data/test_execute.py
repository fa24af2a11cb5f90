"""ExecuteStatement and BatchExecuteStatement: what goes in and what comes back."""

from __future__ import annotations

import base64
import json

import pytest

from tests.local.rds_data.conftest import DATABASE, Caller, Refused, param


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


def test_one_null_may_stand_where_two_types_are_wanted(call: Caller, table: str) -> None:
    answer = call.sql("SELECT 1 FROM accounts WHERE id = :x OR number = :x", param("x", isNull=True))
    assert answer["records"] == []


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
def test_a_value_that_is_no_field_is_refused(call: Caller, value: dict[str, object]) -> None:
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


def test_a_placeholder_without_a_parameter_is_refused(call: Caller) -> None:
    with pytest.raises(Refused, match="BadRequestException: Cannot find parameter: v"):
        call.sql("SELECT :v")


def test_writes_tell_how_many_rows_they_changed_and_return_what_is_asked(call: Caller, table: str) -> None:
    one = call.sql(
        "INSERT INTO accounts (number, balance) VALUES (:n, :b) RETURNING id, balance",
        param("n", stringValue="DE01"),
        param("b", doubleValue=12.5),
    )
    assert one["numberOfRecordsUpdated"] == 1
    assert one["generatedFields"] == []
    assert one["records"] == [[{"longValue": 1}, {"stringValue": "12.50"}]]
    changed = call.sql("UPDATE accounts SET balance = 0")
    assert changed == {"generatedFields": [], "numberOfRecordsUpdated": 1}
    read = call.sql("SELECT number FROM accounts")
    assert read["numberOfRecordsUpdated"] == 0
    assert "columnMetadata" not in read


def test_metadata_describes_columns_as_jdbc_does(call: Caller, table: str) -> None:
    answer = call.sql("SELECT id, number AS n, balance, 123 FROM accounts", includeResultMetadata=True)
    identity, number, balance, constant = answer["columnMetadata"]
    assert identity == {
        "arrayBaseColumnType": 0, "isAutoIncrement": True, "isCaseSensitive": False, "isCurrency": False,
        "isSigned": True, "label": "id", "name": "id", "nullable": 0, "precision": 10, "scale": 0,
        "schemaName": "", "tableName": "accounts", "type": 4, "typeName": "int4",
    }  # fmt: skip
    assert (number["label"], number["type"], number["typeName"], number["precision"]) == (
        "n",
        12,
        "text",
        2147483647,
    )
    assert (balance["nullable"], balance["precision"], balance["scale"], balance["type"]) == (1, 12, 2, 2)
    assert (constant["label"], constant["typeName"], constant["tableName"]) == ("?column?", "int4", "")


def test_metadata_names_array_types_as_pg_type_does(call: Caller) -> None:
    (column,) = call.sql("SELECT ARRAY['a']", includeResultMetadata=True)["columnMetadata"]
    assert (column["type"], column["typeName"], column["arrayBaseColumnType"]) == (2003, "_text", 0)


def test_result_set_options_change_decimals_and_longs(call: Caller) -> None:
    numbers = {"resultSetOptions": {"decimalReturnType": "DOUBLE_OR_LONG"}}
    assert call.value("1.50::numeric", **numbers) == {"doubleValue": 1.5}
    assert call.value("2::numeric", **numbers) == {"longValue": 2}
    assert call.value("2", resultSetOptions={"longReturnType": "STRING"}) == {"stringValue": "2"}


def test_records_formatted_as_json_are_one_string(call: Caller, table: str) -> None:
    answer = call.sql(
        "SELECT 1 AS a, 1.50 AS b, NULL AS c, ARRAY[1, 2] AS d, true AS e, 'ü' AS f",
        formatRecordsAs="JSON",
        includeResultMetadata=True,
    )
    assert set(answer) == {"formattedRecords", "generatedFields", "numberOfRecordsUpdated"}
    assert json.loads(answer["formattedRecords"]) == [
        {"a": 1, "b": "1.50", "c": None, "d": [1, 2], "e": True, "f": "ü"}
    ]
    written = call.sql("INSERT INTO accounts (number) VALUES ('x') RETURNING id", formatRecordsAs="JSON")
    assert written["records"] == [[{"longValue": 1}]]


def test_records_formatted_as_json_need_distinct_labels(call: Caller) -> None:
    with pytest.raises(Refused, match=r"BadRequestException: .*duplicate column labels"):
        call.sql("SELECT 1 AS a, 2 AS a", formatRecordsAs="JSON")


def test_a_batch_runs_the_statement_once_per_set(call: Caller, table: str) -> None:
    sets = [[param("n", stringValue=f"DE{number}")] for number in range(3)]
    answer = call(
        "/BatchExecute", sql="INSERT INTO accounts (number) VALUES (:n) RETURNING id", parameterSets=sets
    )
    assert answer == {"updateResults": [{"generatedFields": []}] * 3}
    assert call.value("count(*) FROM accounts") == {"longValue": 3}


def test_a_batch_with_empty_sets_runs_the_statement_that_many_times(call: Caller, table: str) -> None:
    call(
        "/BatchExecute",
        sql="INSERT INTO accounts (number) SELECT count(*)::text FROM accounts",
        parameterSets=[[], []],
    )
    assert call.value("count(*) FROM accounts") == {"longValue": 2}


def test_a_batch_that_fails_leaves_nothing_behind(call: Caller, table: str) -> None:
    sets = [[param("n", stringValue="one")], [param("n", stringValue="one")]]
    with pytest.raises(Refused, match="23505"):
        call("/BatchExecute", sql="INSERT INTO accounts (number) VALUES (:n)", parameterSets=sets)
    assert call.value("count(*) FROM accounts") == {"longValue": 0}


def test_a_database_error_ends_in_its_sqlstate(call: Caller, table: str) -> None:
    call.sql("INSERT INTO accounts (number) VALUES ('one')")
    with pytest.raises(Refused) as refused:
        call.sql("INSERT INTO accounts (number) VALUES ('one')")
    assert (refused.value.status, refused.value.code) == (400, "DatabaseErrorException")
    assert refused.value.message == (
        'ERROR: duplicate key value violates unique constraint "accounts_number_key"; SQLState: 23505'
    )


def test_an_errors_position_is_one_in_the_sql_as_it_was_sent(call: Caller) -> None:
    sql = "SELECT :a_long_name::text, :a_long_name::text, nowhere"
    with pytest.raises(Refused) as refused:
        call.sql(sql, param("a_long_name", stringValue="x"))
    assert refused.value.message == (
        f'ERROR: column "nowhere" does not exist; Position: {sql.index("nowhere") + 1}; SQLState: 42703'
    )


@pytest.mark.parametrize("sql", ["SELECT 1; SELECT 2", "BEGIN; COMMIT;"])
def test_several_statements_are_refused(call: Caller, sql: str) -> None:
    with pytest.raises(Refused, match=r"ValidationException: Multistatements aren't supported\."):
        call.sql(sql)


@pytest.mark.parametrize("sql", ["SELECT 1;", "SELECT 1 ; -- ; SELECT 2", "SELECT ';' -- done;"])
def test_one_statement_may_end_in_a_semicolon(call: Caller, sql: str) -> None:
    assert len(call.sql(sql)["records"]) == 1


def test_session_state_does_not_survive_a_call(call: Caller) -> None:
    call.sql("SET search_path TO nowhere")
    call.sql("CREATE TEMPORARY TABLE mine (id int)")
    call.sql("BEGIN")
    assert call.value("current_setting('search_path')") == {"stringValue": '"$user", public'}
    with pytest.raises(Refused, match="42P01"):
        call.sql("SELECT * FROM mine")
    assert call.value("pg_catalog.txid_current_if_assigned()") == {"isNull": True}


def test_a_session_lock_is_gone_with_its_call(call: Caller) -> None:
    call.sql("SELECT pg_advisory_lock(42)")
    assert call.value("count(*) FROM pg_locks WHERE locktype = 'advisory'") == {"longValue": 0}


def test_a_response_over_one_megabyte_is_refused(call: Caller) -> None:
    assert len(call.value("repeat('x', 1000000)")["stringValue"]) == 1000000
    with pytest.raises(
        Refused, match=r"UnsupportedResultException: .*more than the allowed response size limit"
    ):
        call.sql("SELECT repeat('x', 1100000)")
    with pytest.raises(Refused, match="more than the allowed response size limit"):
        call.sql("SELECT generate_series(1, 1000000000)")
    assert call.value("1") == {"longValue": 1}


def test_copy_to_the_client_is_refused_and_the_next_call_works(call: Caller) -> None:
    with pytest.raises(Refused, match="ValidationException: COPY"):
        call.sql("COPY (SELECT 1) TO STDOUT")
    assert call.value("current_database()") == {"stringValue": DATABASE}


def test_an_extension_that_is_not_there_is_refused_by_the_database(call: Caller) -> None:
    with pytest.raises(Refused, match='DatabaseErrorException: ERROR: extension "pgcrypto" is not available'):
        call.sql("CREATE EXTENSION pgcrypto")


def test_the_master_is_no_superuser_but_may_create_roles_and_databases(call: Caller) -> None:
    row = call.sql("SELECT rolsuper, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user")
    assert row["records"] == [[{"booleanValue": False}, {"booleanValue": True}, {"booleanValue": True}]]
    assert call.value("pg_has_role('rds_superuser', 'member')") == {"booleanValue": True}
