"""Run with: python -m unittest discover -s test"""

import contextlib
import io
import json
import sys
import unittest
from pathlib import Path
from types import SimpleNamespace

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))
import index  # noqa: E402
from botocore.exceptions import ClientError  # noqa: E402

RENT = {"nickname": "Rent", "balance": 12.5, "type": "domestic", "account_number": "DE01"}
VERSION = "0b9a1b4e-6c3f-4f0e-9d3a-3f1f7b0f5a01"
ROW = {"id": 1, **RENT, "balance": "12.50", "version": VERSION}
SETTINGS = {"DB_ARN": "arn:cluster", "SECRET_ARN": "arn:secret", "DB_NAME": "accounts"}


class FakeRdsData:
    """Answers every statement with the same rows, and keeps what it was asked. `errors` come first, one a call."""

    def __init__(self, *rows, errors=()):
        self.rows = rows
        self.errors = list(errors)
        self.requests = []

    def execute_statement(self, **request):
        self.requests.append(request)
        if self.errors:
            raise self.errors.pop(0)
        names = list(self.rows[0]) if self.rows else []
        return {
            "columnMetadata": [{"label": name} for name in names],
            "records": [[_field(value) for value in row.values()] for row in self.rows],
        }


def _field(value):
    if value is None:
        return {"isNull": True}
    return {"longValue": value} if isinstance(value, int) else {"stringValue": value}


def failing(code, message=""):
    """An error of the Data API, as boto3 raises it."""
    return ClientError({"Error": {"Code": code, "Message": message}}, "ExecuteStatement")


def ask(data, method, path="/accounts", body=None, *, headers=None, query=None, settings=SETTINGS, **event):
    """An answer as API Gateway gets it, with what was logged under "log"."""
    account = path.removeprefix("/accounts").strip("/")
    asked = {
        "resource": "/accounts/{id}" if account else path,
        "httpMethod": method,
        "pathParameters": {"id": account} if account else None,
        "multiValueHeaders": {name: [value] for name, value in (headers or {}).items()},
        "multiValueQueryStringParameters": {name: [value] for name, value in (query or {}).items()},
        "body": None if body is None else json.dumps(body),
        **event,
    }
    context = SimpleNamespace(aws_request_id="1", get_remaining_time_in_millis=lambda: 25_000)
    log = io.StringIO()
    with contextlib.redirect_stdout(log):
        answer = index.respond(asked, context, settings, lambda _region: data, lambda _seconds: None)
    return {**answer, "log": log.getvalue()}


def faulty(answer):
    """The names of the fields that an answer refuses."""
    return {fault["field"] for fault in json.loads(answer["body"])["faults"]}


class Accounts(unittest.TestCase):
    def test_an_account_is_shown_with_its_version(self):
        answer = ask(FakeRdsData(ROW), "GET", "/accounts/1")
        self.assertEqual(json.loads(answer["body"]), {"id": 1, **RENT})
        self.assertEqual(answer["headers"]["ETag"], f'"{VERSION}"')

    def test_values_travel_as_bound_parameters_only(self):
        data = FakeRdsData(ROW)
        nickname = "x'); DROP TABLE accounts; --"
        self.assertEqual(ask(data, "POST", body={**RENT, "nickname": nickname})["statusCode"], 201)
        (request,) = data.requests
        self.assertNotIn("DROP", request["sql"])
        self.assertIn({"name": "nickname", "value": {"stringValue": nickname}}, request["parameters"])

    def test_what_is_wrong_is_named_and_asks_the_database_nothing(self):
        data = FakeRdsData()
        answer = ask(data, "POST", body={**RENT, "balance": "12", "colour": "red"})
        faults = {fault["field"] for fault in json.loads(answer["body"])["faults"]}
        self.assertEqual((answer["statusCode"], faults), (400, {"balance", "colour"}))
        self.assertEqual(data.requests, [])

    def test_an_added_account_comes_back_with_its_id_and_its_place(self):
        answer = ask(FakeRdsData(ROW), "POST", body=RENT)
        self.assertEqual((answer["statusCode"], json.loads(answer["body"])["id"]), (201, 1))
        self.assertTrue(answer["headers"]["Location"].endswith("1"))

    def test_a_body_that_is_no_json_object_is_refused(self):
        for body in (None, [], "text", 1):
            self.assertEqual(ask(FakeRdsData(), "POST", body=body)["statusCode"], 400, body)

    def test_a_taken_number_is_a_conflict_and_quotes_nothing(self):
        taken = failing("DatabaseErrorException", "ERROR: duplicate key value (DE01); SQLState: 23505")
        answer = ask(FakeRdsData(errors=[taken]), "POST", body=RENT)
        self.assertEqual((answer["statusCode"], faulty(answer)), (409, {"account_number"}))
        self.assertNotIn("DE01", answer["body"] + answer["log"])

    def test_a_patch_sets_what_it_names_and_nothing_else(self):
        data = FakeRdsData(ROW)
        self.assertEqual(ask(data, "PATCH", "/accounts/1", {"nickname": "Flat"})["statusCode"], 200)
        (request,) = data.requests
        self.assertIn("nickname = :nickname", request["sql"])
        self.assertNotIn("balance = :balance", request["sql"])

    def test_a_change_of_another_version_is_refused(self):
        nothing = dict.fromkeys(ROW)
        answer = ask(FakeRdsData(nothing), "PUT", "/accounts/1", RENT, headers={"If-Match": '"another"'})
        self.assertEqual(answer["statusCode"], 412)

    def test_a_known_version_needs_no_body(self):
        answer = ask(FakeRdsData(ROW), "GET", "/accounts/1", headers={"If-None-Match": f'"{VERSION}"'})
        self.assertEqual((answer["statusCode"], answer["body"]), (304, ""))

    def test_what_was_deleted_is_gone_and_what_never_was_is_not_found(self):
        self.assertEqual(ask(FakeRdsData({"id": 1}), "DELETE", "/accounts/1")["statusCode"], 204)
        self.assertEqual(ask(FakeRdsData(), "DELETE", "/accounts/1")["statusCode"], 404)

    def test_an_id_that_cannot_be_asks_the_database_nothing(self):
        data = FakeRdsData(ROW)
        self.assertEqual(ask(data, "GET", "/accounts/one")["statusCode"], 404)
        self.assertEqual(data.requests, [])

    def test_a_full_page_links_to_the_next_one(self):
        rows = [{**ROW, "id": number} for number in (1, 2, 3)]
        answer = ask(FakeRdsData(*rows), "GET", query={"limit": "2"})
        self.assertEqual([row["id"] for row in json.loads(answer["body"])], [1, 2])
        self.assertEqual(answer["headers"]["Link"], '<?limit=2&after=id%3A2>; rel="next"')
        self.assertNotIn("Link", ask(FakeRdsData(*rows), "GET", query={"limit": "3"})["headers"])

    def test_what_a_query_may_not_say_is_refused_by_name(self):
        answer = ask(FakeRdsData(), "GET", query={"limit": "0", "order": "colour", "page": "2"})
        self.assertEqual((answer["statusCode"], faulty(answer)), (400, {"limit", "order", "page"}))

    def test_a_sleeping_database_is_waited_for(self):
        asleep = failing("DatabaseResumingException")
        data = FakeRdsData(ROW, errors=[asleep, asleep])
        self.assertEqual(ask(data, "GET", "/accounts/1")["statusCode"], 200)
        self.assertEqual(len(data.requests), 3)

    def test_missing_tables_name_the_command_that_makes_them(self):
        missing = failing("DatabaseErrorException", "ERROR: no such table; SQLState: 42P01")
        answer = ask(FakeRdsData(errors=[missing]), "GET")
        self.assertEqual(answer["statusCode"], 500)
        self.assertIn("accountsctl db init", answer["body"])

    def test_what_is_not_expected_is_500_with_cors_headers_and_says_nothing(self):
        answer = ask(FakeRdsData(errors=[RuntimeError("secret")]), "GET")
        self.assertEqual(answer["statusCode"], 500)
        self.assertIn("Access-Control-Allow-Origin", answer["headers"])
        self.assertNotIn("secret", answer["body"] + answer["log"])

    def test_only_listed_origins_are_allowed(self):
        settings = {**SETTINGS, "CORS_ALLOW_ORIGINS": "https://a.example"}
        for origin, allowed in (("https://a.example", True), ("https://b.example", False)):
            answer = ask(FakeRdsData(ROW), "GET", headers={"Origin": origin}, settings=settings)
            self.assertEqual(answer["headers"].get("Access-Control-Allow-Origin") == origin, allowed)

    def test_the_log_is_one_line_without_an_account(self):
        log = ask(FakeRdsData(ROW), "POST", body=RENT)["log"]
        self.assertEqual(json.loads(log)["status"], 201)
        self.assertNotIn("DE01", log)

    def test_a_method_that_is_not_offered_says_which_are(self):
        answer = ask(FakeRdsData(), "TRACE")
        self.assertEqual(answer["statusCode"], 405)
        self.assertIn("GET", answer["headers"]["Allow"])

    def test_errors_carry_cors_headers_too(self):
        answer = ask(FakeRdsData(), "GET", "/accounts/7")
        self.assertEqual(answer["statusCode"], 404)
        self.assertEqual(answer["headers"]["Access-Control-Allow-Origin"], "*")


if __name__ == "__main__":
    unittest.main()
