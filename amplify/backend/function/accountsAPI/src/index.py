"""The accounts API: one Lambda function behind API Gateway's REST proxy integration.

`handler` is the wall: whatever happens inside, the client gets JSON with CORS headers, because a browser
hides any other answer from the page. What went wrong inside is logged, as one line of JSON with the
request's id; no body, no account and no message of the database is.

    index        the wall, the settings, the log line
    routes       which request means what
    events       what stands in API Gateway's event
    body         the JSON that a client sent, and
    validation   the account in it, checked
    listing      filter, order and pages of a list
    conditions   ETag, If-Match, If-None-Match
    idempotency  Idempotency-Key
    accounts     the statements
    database     the RDS Data API
    answers      answers and refusals; cors, their headers
"""

from __future__ import annotations

import json
import os
import time
import traceback
from collections.abc import Callable, Mapping
from functools import cache
from http import HTTPStatus
from typing import Any

import boto3
from accounts import Accounts
from answers import Answer, Refusal
from botocore.config import Config
from botocore.exceptions import ClientError
from cors import allowed_origins, cors_headers
from database import Database, DatabaseError
from events import header
from routes import answer

Respond = Callable[[Mapping[str, Any], Any], Mapping[str, Any]]


def handler(event: Mapping[str, Any], context: Any) -> Mapping[str, Any]:
    """Lambda's entry point."""
    return respond(event, context, os.environ, _client)


def respond(
    event: Mapping[str, Any],
    context: Any,
    settings: Mapping[str, str],
    client: Callable[[str | None], Any],
    sleep: Callable[[float], None] = time.sleep,
) -> Mapping[str, Any]:
    """Answer one event. `client` gives the rds-data client of a region; it is asked inside the wall."""
    started = time.monotonic()
    trouble: Mapping[str, Any] = {}
    try:
        database = Database(
            client=client(settings.get("REGION")),
            cluster=settings["DB_ARN"],
            secret=settings["SECRET_ARN"],
            name=settings["DB_NAME"],
            remaining=lambda: context.get_remaining_time_in_millis() / 1000,
            sleep=sleep,
        )
        result = answer(event, Accounts(database))
    except Refusal as refusal:
        trouble = {"cause": _name(refusal.__cause__)} if refusal.__cause__ else {}
        result = refusal.answer(context.aws_request_id)
    except Exception as error:  # noqa: BLE001 - the wall: a client must see JSON and CORS headers
        trouble = {"error": _name(error), "stack": traceback.format_tb(error.__traceback__)}
        result = _failure().answer(context.aws_request_id)
    _log(event, context, result, time.monotonic() - started, trouble)
    return _proxy(result, cors_headers(_origins(settings), header(event, "Origin")))


@cache
def _client(region: str | None) -> Any:
    """The Data API's client, one for each sandbox. It never retries by itself: see `database`."""
    config = Config(retries={"total_max_attempts": 1}, connect_timeout=3, read_timeout=20)
    return boto3.client("rds-data", region_name=region, config=config)


def _origins(settings: Mapping[str, str]) -> frozenset[str]:
    return allowed_origins(settings.get("CORS_ALLOW_ORIGINS", ""))


def _failure() -> Refusal:
    return Refusal(HTTPStatus.INTERNAL_SERVER_ERROR, "Something went wrong here; the log tells what.")


def _proxy(result: Answer, cors: Mapping[str, str]) -> Mapping[str, Any]:
    body = "" if result.body is None else json.dumps(result.body, ensure_ascii=False, allow_nan=False)
    content = {} if result.body is None else {"Content-Type": "application/json"}
    return {
        "statusCode": int(result.status),
        "headers": {**content, "Cache-Control": "no-store", **result.headers, **cors},
        "body": body,
        "isBase64Encoded": False,
    }


def _log(
    event: Mapping[str, Any], context: Any, result: Answer, seconds: float, trouble: Mapping[str, Any]
) -> None:
    line = {
        "level": "ERROR" if result.status == HTTPStatus.INTERNAL_SERVER_ERROR else "INFO",
        "requestId": context.aws_request_id,
        "method": event.get("httpMethod"),
        "resource": event.get("resource"),
        "status": int(result.status),
        "milliseconds": round(seconds * 1000, 1),
        **trouble,
    }
    print(json.dumps(line), flush=True)


def _name(error: BaseException) -> str:
    """An error's kind, and its code where it has one. Never its message: that may quote what a client sent."""
    match error:
        case ClientError():
            return f"ClientError {error.response['Error'].get('Code', '')}"
        case DatabaseError():
            return f"DatabaseError {error.code}"
    return type(error).__name__
