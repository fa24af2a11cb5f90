"""A client of the accounts API that knows nothing but HTTP, and a look into its tables beside it."""

from __future__ import annotations

import http.client
import json
import re
import threading
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from email.message import Message
from typing import Any
from urllib.parse import urljoin, urlsplit

from tests.local.project import LocalProject

PATIENCE = 600
"""How often a request is tried again that the stage throttled: somebody's stage may let through 50 a second."""


@dataclass(frozen=True)
class Response:
    """An answer. The names of headers have no case."""

    status: int
    headers: Message
    body: str

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def etag(self) -> str:
        return str(self.headers["ETag"])

    @property
    def faults(self) -> dict[str, str]:
        """What is wrong with each field."""
        return {fault["field"]: fault["problem"] for fault in self.json["faults"]}


@dataclass(frozen=True)
class AccountsApi:
    """The API at `url` for the user of `token`. `project` is where it is deployed: its tables are asked there."""

    url: str
    token: str
    project: LocalProject
    _waiting: threading.Event = field(default_factory=threading.Event)

    @classmethod
    def of(cls, project: LocalProject) -> AccountsApi:
        """The one that this project has pushed."""
        url = project.run("outputs", "api/accountsAPI", "RootUrl").out.strip()
        return cls(url, project.run("auth", "token").out.strip(), project)

    def request(
        self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> Response:
        """One request, signed in. `body` is sent as JSON, and as it is where it is bytes."""
        sent = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        all_headers = {"Authorization": self.token, "Content-Type": "application/json", **(headers or {})}
        for _ in range(PATIENCE):
            response = self._once(method, path, sent, all_headers)
            if response.status != 429:
                return response
            self._waiting.wait(0.05)
        raise AssertionError(f"{method} {path} was throttled for too long")

    def _once(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Response:
        place = urlsplit(self.url)
        connection = http.client.HTTPConnection(str(place.hostname), place.port, timeout=60)
        try:
            connection.request(method, place.path + path, body, dict(headers))
            answer = connection.getresponse()
            return Response(answer.status, answer.headers, answer.read().decode())
        finally:
            connection.close()

    def create(self, **changes: Any) -> dict[str, Any]:
        """A new account."""
        response = self.request("POST", "/accounts", account(**changes))
        assert response.status == 201, response.body
        return dict(response.json)

    def pages(self, query: str = "") -> Iterator[list[dict[str, Any]]]:
        """The pages of a list, from link to link."""
        path: str | None = f"/accounts{query}"
        while path is not None:
            response = self.request("GET", path)
            assert response.status == 200, response.body
            yield response.json
            path = following(path, response)

    def walk(self, query: str = "") -> list[dict[str, Any]]:
        """The accounts on all pages."""
        return [each for page in self.pages(query) for each in page]

    def sql(self, statement: str) -> list[dict[str, Any]]:
        """Rows of the database itself."""
        return self.project.sql(statement)


def account(**changes: Any) -> dict[str, Any]:
    """An account that no other has the number of."""
    number = uuid.uuid4().hex[:20]
    return {"nickname": "Rent", "balance": 12.5, "type": "domestic", "account_number": number, **changes}


def following(path: str, response: Response) -> str | None:
    """The path of the next page, resolved as a browser does it; None on the last one."""
    link = response.headers["Link"]
    if link is None:
        return None
    target = re.fullmatch(r'<([^>]*)>; rel="next"', link)
    assert target is not None, link
    return urljoin(path, str(target[1]))
