"""ExecuteStatement and BatchExecuteStatement: rows, metadata, batches, errors and limits."""

from __future__ import annotations

import json

import pytest

from tests.local.rds_data.conftest import DATABASE, Caller, Refused, param


def test_a_placeholder_without_a_parameter_is_refused(call: Caller) -> None:
    with pytest.raises(Refused, match="BadRequestException: Cannot find parameter: v"):
        call.sql("SELECT :v")


def test_writes_report_how_many_rows_they_changed_and_return_what_is_requested(
    call: Caller, table: str
) -> None:
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
    response = call.sql("SELECT id, number AS n, balance, 123 FROM accounts", includeResultMetadata=True)
    identity, number, balance, constant = response["columnMetadata"]
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
    response = call.sql(
        "SELECT 1 AS a, 1.50 AS b, NULL AS c, ARRAY[1, 2] AS d, true AS e, 'ü' AS f",
        formatRecordsAs="JSON",
        includeResultMetadata=True,
    )
    assert set(response) == {"formattedRecords", "generatedFields", "numberOfRecordsUpdated"}
    assert json.loads(response["formattedRecords"]) == [
        {"a": 1, "b": "1.50", "c": None, "d": [1, 2], "e": True, "f": "ü"}
    ]
    written = call.sql("INSERT INTO accounts (number) VALUES ('x') RETURNING id", formatRecordsAs="JSON")
    assert written["records"] == [[{"longValue": 1}]]


def test_records_formatted_as_json_need_distinct_labels(call: Caller) -> None:
    with pytest.raises(Refused, match=r"BadRequestException: .*duplicate column labels"):
        call.sql("SELECT 1 AS a, 2 AS a", formatRecordsAs="JSON")


def test_a_batch_runs_the_statement_once_per_set(call: Caller, table: str) -> None:
    sets = [[param("n", stringValue=f"DE{number}")] for number in range(3)]
    response = call(
        "/BatchExecute", sql="INSERT INTO accounts (number) VALUES (:n) RETURNING id", parameterSets=sets
    )
    assert response == {"updateResults": [{"generatedFields": []}] * 3}
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


def test_the_master_is_not_a_superuser_but_may_create_roles_and_databases(call: Caller) -> None:
    row = call.sql("SELECT rolsuper, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user")
    assert row["records"] == [[{"booleanValue": False}, {"booleanValue": True}, {"booleanValue": True}]]
    assert call.value("pg_has_role('rds_superuser', 'member')") == {"booleanValue": True}
