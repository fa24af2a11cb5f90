"""Sends what the doctor wants to know of an API, one request after the other, and keeps no secret of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from accountsctl.doctor.browser.verdict import FetchResponse
from accountsctl.doctor.facts.exchanges import Exchange
from accountsctl.doctor.facts.request_failures import RequestFailure
from accountsctl.doctor.observed.probe_plan import Probe, ProbePlan, exchange
from accountsctl.model.errors import CloudError
from accountsctl.ports.http import Http

FAILURES = {
    "Timeout": RequestFailure.TIMEOUT,
    "UnknownHost": RequestFailure.DNS,
    "ConnectionRefused": RequestFailure.REFUSED,
    "CertificateError": RequestFailure.TLS,
    "TlsError": RequestFailure.TLS,
}
UNREACHABLE = frozenset({RequestFailure.DNS, RequestFailure.REFUSED, RequestFailure.TLS})
"""Failures after which the same host needs no second question."""


@dataclass(frozen=True)
class SendProbes:
    """The live layer. `address_class` tells of a host whether it is loopback, private or public."""

    http: Http
    address_class: Callable[[str], str | None]
    clock: Callable[[], float] = time.monotonic

    def run(self, plan: ProbePlan, token: str = "") -> tuple[Exchange, ...]:
        """What each probe got. `token` is sent as given, `Bearer` included, and is in nothing that is returned."""
        return tuple(self._each(plan.probes, token))

    def _each(self, probes: Iterable[Probe], token: str) -> Iterable[Exchange]:
        dead: set[str] = set()
        for probe in probes:
            host = _host(probe.url)
            if host in dead:
                continue
            found = self._send(probe, token)
            # What does not even answer a preflight in time cannot be reached: a function is not asked for it.
            if found.failure in UNREACHABLE or (
                found.failure is RequestFailure.TIMEOUT and probe.method == "OPTIONS"
            ):
                dead.add(host)
            yield replace(found, address=self.address_class(host))

    def _send(self, probe: Probe, token: str) -> Exchange:
        headers = dict(probe.headers)
        if probe.authorized and token:
            headers["Authorization"] = token
        began = self.clock()
        try:
            said = self.http.send(probe.method, probe.url, headers, probe.body)
        except CloudError as error:
            failure = FAILURES.get(error.code, RequestFailure.OTHER)
            found = exchange(probe, None, "", failure=failure, milliseconds=self._since(began), token=token)
            words = (error.why or error.code) if failure is RequestFailure.OTHER else ""
            return replace(found, failure_words=words)
        answer = FetchResponse(said.status, said.headers)
        return exchange(probe, answer, said.body, milliseconds=self._since(began), token=token)

    def _since(self, began: float) -> int:
        return round((self.clock() - began) * 1000)


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""
