"""Which request means what: `(resource, method)` to an action on the accounts.

Events have the shape of API Gateway's REST proxy integration:
https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from accounts import Accounts
from answers import Answer, Refusal, no_such_account
from validation import account, account_id

Event = Mapping[str, Any]
Action = Callable[[Event, Accounts], Answer]


def answer(event: Event, accounts: Accounts) -> Answer:
    """Do what the request asks; Refusal where it cannot be done."""
    methods = ROUTES.get(str(event.get("resource") or "").rstrip("/"))
    if methods is None:
        raise Refusal(HTTPStatus.NOT_FOUND, "There is nothing here.")
    action = methods.get(str(event.get("httpMethod")))
    if action is None:
        allow = ",".join(sorted(methods))
        raise Refusal(HTTPStatus.METHOD_NOT_ALLOWED, "This method is not offered.", headers={"Allow": allow})
    return action(event, accounts)


def header(event: Event, name: str) -> str | None:
    """A request's header, whatever the case in which it came; None where it did not."""
    headers = event.get("headers") or {}
    return next((value for key, value in headers.items() if key.lower() == name.lower()), None)


def _list(_event: Event, accounts: Accounts) -> Answer:
    return Answer(HTTPStatus.OK, accounts.all())


def _add(event: Event, accounts: Accounts) -> Answer:
    added = accounts.add(account(event.get("body"), bool(event.get("isBase64Encoded"))))
    return Answer(HTTPStatus.CREATED, added, {"Location": _location(event, added["id"])})


def _get(event: Event, accounts: Accounts) -> Answer:
    return Answer(HTTPStatus.OK, accounts.get(_id(event)))


def _replace(event: Event, accounts: Accounts) -> Answer:
    own_id = _id(event)
    new = account(event.get("body"), bool(event.get("isBase64Encoded")), own_id)
    return Answer(HTTPStatus.OK, accounts.replace(own_id, new))


def _remove(event: Event, accounts: Accounts) -> Answer:
    accounts.remove(_id(event))
    return Answer(HTTPStatus.NO_CONTENT)


def _options(_event: Event, _accounts: Accounts) -> Answer:
    return Answer(HTTPStatus.NO_CONTENT)


def _id(event: Event) -> int:
    parameters = event.get("pathParameters") or {}
    found = account_id(parameters.get("id") or parameters.get("proxy"))
    if found is None:
        raise no_such_account()
    return found


def _location(event: Event, new_id: int) -> str:
    """The path that the client would GET: with the stage, which is part of the path it sent."""
    path = str((event.get("requestContext") or {}).get("path") or event.get("path") or "/accounts")
    return f"{path.rstrip('/')}/{new_id}"


_COLLECTION: Mapping[str, Action] = {"GET": _list, "POST": _add, "OPTIONS": _options}
_ITEM: Mapping[str, Action] = {"GET": _get, "PUT": _replace, "DELETE": _remove, "OPTIONS": _options}
ROUTES: Mapping[str, Mapping[str, Action]] = {
    "/accounts": _COLLECTION,
    "/accounts/{id}": _ITEM,
    "/accounts/{proxy+}": _ITEM,
}
