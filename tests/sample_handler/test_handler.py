"""The accounts function: what a client sends, and what it gets."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ConnectTimeoutError, EndpointConnectionError, ReadTimeoutError

from tests.sample_handler.handler import RENT, Api, FakeRdsData, faults, refusal, sql_error

GOLDEN = Path(__file__).parents[1] / "golden" / "dev"


@pytest.fixture
def api() -> Api:
    return Api()


def test_an_empty_table_is_an_empty_array(api: Api) -> None:
    answer = api("GET")
    assert (answer.status, answer.text) == (200, "[]")


def test_an_added_account_comes_back_with_its_id_and_its_place(api: Api) -> None:
    answer = api("POST", body=RENT)
    assert answer.status == 201
    assert answer.body == {"id": 1, **RENT}
    assert answer.headers["Location"] == "accounts/1"
    assert api("GET").body == [{"id": 1, **RENT}]
    assert api("GET", "/accounts/1").body == {"id": 1, **RENT}


@pytest.mark.parametrize(
    ("context", "location"), [({}, "accounts/1"), ({"path": "/dev/accounts/"}, "1"), (None, "accounts/1")]
)
def test_a_location_is_relative_to_the_url_that_was_asked(api: Api, context: Any, location: str) -> None:
    assert api("POST", body=RENT, requestContext=context).headers["Location"] == location


def test_values_travel_as_bound_parameters_only(api: Api) -> None:
    api("POST", body={**RENT, "nickname": "x'); DROP TABLE accounts; --"})
    request = api.data.requests[-1]
    assert "DROP" not in request["sql"]
    assert {"name": "balance", "value": {"stringValue": "12.50"}, "typeHint": "DECIMAL"} in request[
        "parameters"
    ]
    assert (request["resourceArn"], request["secretArn"], request["database"]) == (
        "arn:cluster",
        "arn:secret",
        "accountsDatabase",
    )


def test_an_account_is_replaced_and_removed(api: Api) -> None:
    api("POST", body=RENT)
    changed = {**RENT, "nickname": "Flat", "balance": -3}
    assert api("PUT", "/accounts/1", changed).body == {"id": 1, **changed}
    assert api("PUT", "/accounts/1", {"id": 1, **changed}).status == 200
    gone = api("DELETE", "/accounts/1")
    assert (gone.status, gone.text) == (204, "")
    assert api("GET", "/accounts/1").status == 404


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize(
    "wrong", ["7", "0", "abc", "-1", "1.5", "9223372036854775808", "9" * 40, "\uff11", "1;"]
)
def test_an_account_that_is_not_there_or_cannot_be_is_not_found(api: Api, method: str, wrong: str) -> None:
    assert api(method, f"/accounts/{wrong}", RENT).status == 404


def test_a_taken_account_number_is_a_conflict_and_quotes_nothing(
    api: Api, capsys: pytest.CaptureFixture[str]
) -> None:
    api("POST", body=RENT)
    answer = api("POST", body=RENT)
    assert answer.status == 409
    assert faults(answer) == {"account_number": "is taken by another account"}
    assert "DE01" not in answer.text + capsys.readouterr().out


def test_null_is_null_and_not_true() -> None:
    row = {"id": 1, "nickname": None, "balance": None, "type": "domestic", "account_number": "DE01"}
    assert Api(FakeRdsData({1: row}))("GET").body == [row]


def test_a_sleeping_database_is_waited_for(api: Api) -> None:
    api.data.failures = [refusal("DatabaseResumingException")] * 3
    assert api("GET").status == 200
    assert api.slept == [0.5, 1.0, 2.0]


def test_a_database_that_stays_asleep_is_503_with_time_left_to_answer(api: Api) -> None:
    api.data.failures = [refusal("DatabaseResumingException")] * 99
    answer = api("GET")
    assert (answer.status, answer.headers["Retry-After"]) == (503, "10")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert sum(api.slept) <= 25.0 - 3.0


@pytest.mark.parametrize(
    "code", ["DatabaseUnavailableException", "ServiceUnavailableError", "StatementTimeoutException"]
)
def test_an_unavailable_database_is_503_and_nothing_is_sent_twice(api: Api, code: str) -> None:
    api.data.failures = [refusal(code)]
    answer = api("POST", body=RENT)
    assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
    assert len(api.data.requests) == 1


@pytest.mark.parametrize("kind", [ConnectTimeoutError, ReadTimeoutError, EndpointConnectionError])
def test_a_data_api_that_cannot_be_reached_is_503(api: Api, kind: type[Exception]) -> None:
    api.data.failures = [kind(endpoint_url="https://x")]  # type: ignore[call-arg]
    assert api("GET").status == 503


@pytest.mark.parametrize("state", ["42P01", "42703"])
def test_a_missing_table_or_column_names_the_command_that_makes_it(api: Api, state: str) -> None:
    api.data.failures = [sql_error(state, "it does not exist")]
    answer = api("GET")
    assert answer.status == 500
    assert "accountsctl db init" in answer.body["message"]


@pytest.mark.parametrize("failure", [RuntimeError("secret DE01"), sql_error("XX000", "secret DE01")])
def test_what_nobody_expected_is_500_with_cors_and_tells_nothing(
    api: Api, failure: Exception, capsys: pytest.CaptureFixture[str]
) -> None:
    api.data.failures = [failure]
    answer = api("GET")
    log = json.loads(capsys.readouterr().out)
    assert answer.status == 500
    assert answer.body["requestId"] == log["requestId"] == "request-1"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert log["level"] == "ERROR"
    assert log["stack"]
    assert "secret" not in answer.text + json.dumps({**log, "stack": []})


def test_missing_settings_and_a_client_that_fails_are_500_with_cors(api: Api) -> None:
    del api.settings["DB_ARN"]
    assert api("GET").headers["Access-Control-Allow-Origin"] == "*"

    def broken(_region: str | None) -> Any:
        raise OSError("no")

    answer = Api(client=broken)("GET")
    assert (answer.status, answer.headers["Access-Control-Allow-Origin"]) == (500, "*")


def test_the_log_is_one_line_of_json_without_personal_data(
    api: Api, capsys: pytest.CaptureFixture[str]
) -> None:
    api("POST", body=RENT)
    out = capsys.readouterr().out
    line = json.loads(out)
    assert out.count("\n") == 1
    assert {key: line[key] for key in ("method", "resource", "status")} == {
        "method": "POST",
        "resource": "/accounts",
        "status": 201,
    }
    assert "Rent" not in out


def test_only_listed_origins_are_echoed_and_caches_are_told() -> None:
    api = Api()
    api.settings["CORS_ALLOW_ORIGINS"] = "https://a.example, https://b.example/"
    listed = api("GET", headers={"origin": "https://b.example"})
    assert listed.headers["Access-Control-Allow-Origin"] == "https://b.example"
    assert listed.headers["Vary"] == "Origin"
    other = api("GET", headers={"Origin": "https://evil.example"})
    assert "Access-Control-Allow-Origin" not in other.headers
    assert other.headers["Vary"] == "Origin"


def test_a_method_that_is_not_offered_is_405_and_says_which_are(api: Api) -> None:
    answer = api("PATCH")
    assert (answer.status, answer.headers["Allow"]) == (405, "GET,OPTIONS,POST")
    assert api("POST", "/accounts/1").headers["Allow"] == "DELETE,GET,OPTIONS,PATCH,PUT"


def test_an_unknown_resource_is_404_and_a_bare_event_no_crash(api: Api) -> None:
    assert api("GET", "/elsewhere", resource="/elsewhere").status == 404
    assert api("GET", resource=None, httpMethod=None, requestContext=None).status == 404


def test_options_is_answered_too(api: Api) -> None:
    answer = api("OPTIONS")
    assert answer.status == 204
    assert answer.headers["Access-Control-Allow-Methods"] == "DELETE,GET,OPTIONS,PATCH,POST,PUT"


def test_the_function_allows_and_exposes_the_headers_that_api_gateway_does(api: Api) -> None:
    resources = json.loads((GOLDEN / "api/accountsAPI.json").read_text())["Resources"]
    gateway = resources["GatewayResponse4XX"]["Properties"]["ResponseParameters"]
    answered = api("GET").headers
    for name in ("Access-Control-Allow-Headers", "Access-Control-Expose-Headers"):
        assert gateway[f"gatewayresponse.header.{name}"] == f"'{answered[name]}'"
