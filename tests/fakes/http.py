"""A world in which every URL answers the same, or what `answers` has for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from accountsctl.ports.http import HttpAnswer


@dataclass
class FakeHttp:
    """Remembers every request: method, URL, headers, body."""

    answers: Mapping[str, HttpAnswer] = field(default_factory=dict)
    sent: list[tuple[str, str, Mapping[str, str], bytes | None]] = field(default_factory=list)

    def send(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> HttpAnswer:
        self.sent.append((method, url, dict(headers), body))
        return self.answers.get(url, HttpAnswer(200, "OK", (("Content-Type", "application/json"),), "[]"))
