"""Which request means what: `(resource, method)` to an action on the accounts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus

from accounts import Accounts, Stored
from answers import Answer, Refusal, no_such_account
from body import sent
from conditions import etag, has_already, wanted_versions
from events import Event, caller, header, path, path_parameter, query
from idempotency import wish
from listing import listing
from validation import account, account_id, patch

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


def _list(event: Event, accounts: Accounts) -> Answer:
    asked = listing(query(event))
    page = accounts.page(asked)
    link = {"Link": asked.next_link(page.last)} if page.last else {}
    return Answer(HTTPStatus.OK, page.accounts, link)


def _add(event: Event, accounts: Accounts) -> Answer:
    key = header(event, "Idempotency-Key")
    new = account(sent(event))
    added = accounts.add(new) if key is None else accounts.add_once(new, wish(caller(event), key, new))
    headers = {"Location": _location(event, added.account["id"])}
    if added.repeated:
        headers["Idempotency-Replayed"] = "true"
    return _shown(added, HTTPStatus.CREATED, headers)


def _get(event: Event, accounts: Accounts) -> Answer:
    found = accounts.get(_id(event))
    if has_already(header(event, "If-None-Match"), found.version):
        return Answer(HTTPStatus.NOT_MODIFIED, headers={"ETag": etag(found.version)})
    return _shown(found)


def _replace(event: Event, accounts: Accounts) -> Answer:
    own_id = _id(event)
    new = account(sent(event), own_id)
    return _shown(accounts.change(own_id, new.values(), _wanted(event)))


def _patch(event: Event, accounts: Accounts) -> Answer:
    own_id = _id(event)
    return _shown(accounts.change(own_id, patch(sent(event), own_id), _wanted(event)))


def _remove(event: Event, accounts: Accounts) -> Answer:
    accounts.remove(_id(event), _wanted(event))
    return Answer(HTTPStatus.NO_CONTENT)


def _options(_event: Event, _accounts: Accounts) -> Answer:
    return Answer(HTTPStatus.NO_CONTENT)


def _shown(stored: Stored, status: int = HTTPStatus.OK, headers: Mapping[str, str] | None = None) -> Answer:
    return Answer(status, stored.account, {"ETag": etag(stored.version), **(headers or {})})


def _id(event: Event) -> int:
    found = account_id(path_parameter(event, "id", "proxy"))
    if found is None:
        raise no_such_account()
    return found


def _wanted(event: Event) -> str:
    return wanted_versions(header(event, "If-Match"))


def _location(event: Event, new_id: int) -> str:
    """The account's place, relative to the URL that was asked: right behind any stage and any domain."""
    return str(new_id) if path(event).endswith("/") else f"accounts/{new_id}"


_COLLECTION: Mapping[str, Action] = {"GET": _list, "POST": _add, "OPTIONS": _options}
_ITEM: Mapping[str, Action] = {
    "GET": _get,
    "PUT": _replace,
    "PATCH": _patch,
    "DELETE": _remove,
    "OPTIONS": _options,
}
ROUTES: Mapping[str, Mapping[str, Action]] = {
    "/accounts": _COLLECTION,
    "/accounts/{id}": _ITEM,
    "/accounts/{proxy+}": _ITEM,
}
