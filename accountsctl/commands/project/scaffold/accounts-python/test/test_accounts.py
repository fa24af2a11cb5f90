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

RENT = {"nickname": "Rent", "balance": 12.5, "type": "domestic", "account_number": "DE01"}
VERSION = "0b9a1b4e-6c3f-4f0e-9d3a-3f1f7b0f5a01"
ROW = {"id": 1, **RENT, "balance": "12.50", "version": VERSION}
SETTINGS = {"DB_ARN": "arn:cluster", "SECRET_ARN": "arn:secret", "DB_NAME": "accounts"}


class FakeRdsData:
    """Answers every statement with the same rows, and keeps what it was asked."""

    def __init__(self, *rows):
        self.rows = rows
        self.requests = []

    def execute_statement(self, **request):
        self.requests.append(request)
        names = list(self.rows[0]) if self.rows else []
        return {
            "columnMetadata": [{"label": name} for name in names],
            "records": [[_field(value) for value in row.values()] for row in self.rows],
        }


def _field(value):
    return {"longValue": value} if isinstance(value, int) else {"stringValue": value}


def ask(data, method, path="/accounts", body=None, **event):
    """An answer as API Gateway gets it."""
    account = path.removeprefix("/accounts").strip("/")
    asked = {
        "resource": "/accounts/{id}" if account else path,
        "httpMethod": method,
        "pathParameters": {"id": account} if account else None,
        "body": None if body is None else json.dumps(body),
        **event,
    }
    context = SimpleNamespace(aws_request_id="1", get_remaining_time_in_millis=lambda: 25_000)
    with contextlib.redirect_stdout(io.StringIO()):  # the log
        return index.respond(asked, context, SETTINGS, lambda _region: data)


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

    def test_errors_carry_cors_headers_too(self):
        answer = ask(FakeRdsData(), "GET", "/accounts/7")
        self.assertEqual(answer["statusCode"], 404)
        self.assertEqual(answer["headers"]["Access-Control-Allow-Origin"], "*")


if __name__ == "__main__":
    unittest.main()
