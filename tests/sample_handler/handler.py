"""The sample function's modules, loaded from its folder as Lambda loads them, with a fake Data API."""

from __future__ import annotations

import json
import operator
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from botocore.exceptions import ClientError

SOURCE = Path(__file__).parents[2] / "amplify/backend/function/accountsAPI/src"
if str(SOURCE) not in sys.path:
    sys.path.append(str(SOURCE))

import conditions as conditions  # noqa: E402 - tests of a module alone take it from here
import index  # noqa: E402

SETTINGS = {
    "DB_ARN": "arn:cluster",
    "SECRET_ARN": "arn:secret",
    "DB_NAME": "accountsDatabase",
    "REGION": "eu-west-1",
}
RENT = {"nickname": "Rent", "balance": 12.5, "type": "domestic", "account_number": "DE01"}
COLUMNS = ("id", "nickname", "balance", "type", "account_number")
STORED = (*COLUMNS, "version")


def refusal(code: str, message: str = "") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "ExecuteStatement")


def sql_error(state: str, message: str = "it broke") -> ClientError:
    return refusal("DatabaseErrorException", f"ERROR: {message}; SQLState: {state}")


def version(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012}"


@dataclass
class FakeRdsData:
    """An accounts table behind the Data API's wire format; `failures` are raised first, one a call.

    It knows the handler's statements by the words in them, and does what they are meant to do; that the SQL
    really does it is for the tests against PostgreSQL to show.
    """

    rows: dict[int, dict[str, Any]] = field(default_factory=dict)
    failures: list[Exception] = field(default_factory=list)
    requests: list[dict[str, Any]] = field(default_factory=list)
    keys: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    versions: int = 0

    def execute_statement(self, **request: Any) -> Mapping[str, Any]:
        self.requests.append(request)
        if self.failures:
            raise self.failures.pop(0)
        values = {each["name"]: next(iter(each["value"].values())) for each in request["parameters"]}
        names, found = self._run(request["sql"], values)
        return {
            "columnMetadata": [{"label": name, "name": name} for name in names],
            "records": [[_field(row.get(name)) for name in names] for row in found],
            "numberOfRecordsUpdated": 0,
        }

    def _run(self, sql: str, values: dict[str, Any]) -> tuple[Sequence[str], list[dict[str, Any]]]:
        if "idempotency_keys" in sql:
            return ("account", "version", "digest"), [self._once(values)]
        if "INSERT INTO accounts" in sql:
            self.versions += 1
            return STORED, [self._keep(max(self.rows, default=0) + 1, values, version(self.versions))]
        if "UPDATE accounts" in sql:
            return STORED, self._change(values.pop("id"), values.pop("versions"), values)
        if "DELETE FROM accounts" in sql:
            return ("id",), self._remove(values["id"], values["versions"])
        if "WHERE id = :id" in sql:
            return STORED, [self.rows[values["id"]]] if values["id"] in self.rows else []
        return COLUMNS, self._page(sql, values)

    def _page(self, sql: str, values: Mapping[str, Any]) -> list[dict[str, Any]]:
        column, direction = re.findall(r"ORDER BY (\w+) (ASC|DESC)", sql)[0]
        beyond = operator.lt if direction == "DESC" else operator.gt

        def place(value: Any, key: int) -> tuple[Any, int]:
            return (Decimal(value) if column == "balance" else value, key)

        def placed(row: Mapping[str, Any]) -> tuple[Any, int]:
            return place(row[column], row["id"])

        found = sorted(self.rows.values(), key=placed, reverse=direction == "DESC")
        if "type" in values:
            found = [row for row in found if row["type"] == values["type"]]
        if "id" in values:
            after = place(values.get("value", values["id"]), values["id"])
            found = [row for row in found if beyond(placed(row), after)]
        return found[: values["rows"]]

    def _once(self, values: Mapping[str, Any]) -> dict[str, Any]:
        key = (values["caller"], values["key"])
        if key not in self.keys:
            account = max(self.rows, default=0) + 1
            self._keep(account, {name: values[name] for name in COLUMNS[1:]}, values["version"])
            made = {"account": account, "version": values["version"], "digest": values["digest"]}
            self.keys[key] = made
        return self.keys[key]

    def _change(self, key: int, wanted: str, to: Mapping[str, Any]) -> list[dict[str, Any]]:
        if key not in self.rows:
            return []
        row = self.rows[key]
        if not _matches(row, wanted):
            return [{}]
        if {**row, **to} == row:
            return [row]
        self.versions += 1
        return [self._keep(key, {**row, **to}, version(self.versions))]

    def _remove(self, key: int, wanted: str) -> list[dict[str, Any]]:
        if key not in self.rows:
            return []
        return [self.rows.pop(key)] if _matches(self.rows[key], wanted) else [{}]

    def _keep(self, key: int, values: Mapping[str, Any], its_version: str) -> dict[str, Any]:
        number = values["account_number"]
        if any(row["account_number"] == number and other != key for other, row in self.rows.items()):
            raise sql_error(
                "23505", f"duplicate key\n  Detail: Key (account_number)=({number}) already exists."
            )
        self.rows[key] = {**values, "id": key, "version": its_version}
        return self.rows[key]


def _matches(row: Mapping[str, Any], wanted: str) -> bool:
    return wanted == "*" or row["version"] in wanted.split(",")


def _field(value: Any) -> Mapping[str, Any]:
    if value is None:
        return {"isNull": True}
    return {"longValue": value} if isinstance(value, int) else {"stringValue": str(value)}


def faults(answer: Any) -> dict[str, str]:
    """The faults of a refusal, by field."""
    return {fault["field"]: fault["problem"] for fault in answer.body["faults"]}


@dataclass
class Api:
    """Sends events as API Gateway would, with a clock that only sleeping moves."""

    data: FakeRdsData = field(default_factory=FakeRdsData)
    settings: dict[str, str] = field(default_factory=lambda: dict(SETTINGS))
    slept: list[float] = field(default_factory=list)
    seconds: float = 25.0
    client: Callable[[str | None], Any] | None = None

    def __call__(
        self, method: str, path: str = "/accounts", body: Any = None, **event: Any
    ) -> SimpleNamespace:
        identifier = path.removeprefix("/accounts").strip("/")
        resource = "/accounts/{id}" if identifier else path
        text = body if body is None or isinstance(body, str) else json.dumps(body)
        full = {
            "resource": resource,
            "path": path,
            "httpMethod": method,
            "headers": None,
            "pathParameters": {"id": identifier} if identifier else None,
            "body": text,
            "isBase64Encoded": False,
            "requestContext": {"path": f"/dev{path}"},
            **event,
        }
        context = SimpleNamespace(
            aws_request_id="request-1",
            get_remaining_time_in_millis=lambda: (self.seconds - sum(self.slept)) * 1000,
        )
        client = self.client or (lambda _region: self.data)
        answer = index.respond(full, context, self.settings, client, self.slept.append)
        parsed = json.loads(answer["body"]) if answer["body"] else None
        return SimpleNamespace(
            status=answer["statusCode"], headers=answer["headers"], body=parsed, text=answer["body"]
        )
