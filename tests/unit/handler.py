"""The sample function's modules, loaded from its folder as Lambda loads them, with a fake Data API."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from botocore.exceptions import ClientError

SOURCE = Path(__file__).parents[2] / "amplify/backend/function/accountsAPI/src"
if str(SOURCE) not in sys.path:
    sys.path.append(str(SOURCE))

import index  # noqa: E402

SETTINGS = {
    "DB_ARN": "arn:cluster",
    "SECRET_ARN": "arn:secret",
    "DB_NAME": "accountsDatabase",
    "REGION": "eu-west-1",
}
COLUMNS = ("id", "nickname", "balance", "type", "account_number")


def refusal(code: str, message: str = "") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "ExecuteStatement")


def sql_error(state: str, message: str = "it broke") -> ClientError:
    return refusal("DatabaseErrorException", f"ERROR: {message}; SQLState: {state}")


@dataclass
class FakeRdsData:
    """An accounts table behind the Data API's wire format; `failures` are raised first, one a call."""

    rows: dict[int, dict[str, Any]] = field(default_factory=dict)
    failures: list[Exception] = field(default_factory=list)
    requests: list[dict[str, Any]] = field(default_factory=list)

    def execute_statement(self, **request: Any) -> Mapping[str, Any]:
        self.requests.append(request)
        if self.failures:
            raise self.failures.pop(0)
        values = {each["name"]: next(iter(each["value"].values())) for each in request["parameters"]}
        verb = request["sql"].split()[0]
        found = getattr(self, verb.lower())(request["sql"], values)
        names = ("id",) if verb == "DELETE" else COLUMNS
        return {
            "columnMetadata": [{"label": name, "name": name} for name in names],
            "records": [[_field(row[name]) for name in names] for row in found],
            "numberOfRecordsUpdated": 0,
        }

    def select(self, sql: str, values: Mapping[str, Any]) -> list[dict[str, Any]]:
        if "id" in values:
            return [self.rows[values["id"]]] if values["id"] in self.rows else []
        return [row for key, row in sorted(self.rows.items()) if key > values["after"]][: values["page"]]

    def insert(self, sql: str, values: Mapping[str, Any]) -> list[dict[str, Any]]:
        return self._keep(max(self.rows, default=0) + 1, values)

    def update(self, sql: str, values: Mapping[str, Any]) -> list[dict[str, Any]]:
        return self._keep(values["id"], values) if values["id"] in self.rows else []

    def delete(self, sql: str, values: Mapping[str, Any]) -> list[dict[str, Any]]:
        gone = self.rows.pop(values["id"], None)
        return [gone] if gone else []

    def _keep(self, key: int, values: Mapping[str, Any]) -> list[dict[str, Any]]:
        number = values["account_number"]
        if any(row["account_number"] == number and other != key for other, row in self.rows.items()):
            raise sql_error(
                "23505", f"duplicate key\n  Detail: Key (account_number)=({number}) already exists."
            )
        self.rows[key] = {**values, "id": key}
        return [self.rows[key]]


def _field(value: Any) -> Mapping[str, Any]:
    if value is None:
        return {"isNull": True}
    return {"longValue": value} if isinstance(value, int) else {"stringValue": str(value)}


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
