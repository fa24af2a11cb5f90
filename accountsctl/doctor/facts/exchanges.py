"""One HTTP request that was sent, and its response."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from accountsctl.doctor.browser.verdict import FetchResponse
from accountsctl.doctor.facts.places import SourcePlace


@dataclass(frozen=True)
class Exchange:
    """One request that was really sent, and what came back. No secret is in here.

    `sent` are the request's headers without values of Authorization and cookies (a scheme such as ``Bearer``
    is kept). `answer` is None where none came: `failure` is then dns, tls, refused, timeout or what else happened.
    `body` is the beginning of the answer's where it tells of a fault. `milliseconds` is how long it took.
    `probe` is ``P1`` for the preflight, ``P3`` for the request with its credential, ``P4`` without (see
    `doctor.observed`), whoever sent it. `address` is the host's: loopback, private or public; None where not known.
    """

    probe: str
    method: str
    url: str
    place: SourcePlace
    sent: Mapping[str, str] = field(default_factory=dict)
    answer: FetchResponse | None = None
    body: str = ""
    failure: str | None = None
    milliseconds: int = 0
    address: str | None = None

    @property
    def status(self) -> int:
        """The status; 0 where no answer came."""
        return self.answer.status if self.answer else 0

    @property
    def error_type(self) -> str:
        """API Gateway's ``x-amzn-ErrorType``, without what follows a colon; empty where the gateway did not refuse."""
        said = self.answer.value("x-amzn-errortype") if self.answer else None
        return (said or "").split(":")[0]
