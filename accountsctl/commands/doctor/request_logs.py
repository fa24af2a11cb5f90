"""The error of a refused request from the API's log, by the request's id."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from accountsctl.commands.doctor.cors import Findings
from accountsctl.doctor.diagnosis.by_log import by_log
from accountsctl.doctor.diagnosis.diagnose import Diagnosis
from accountsctl.doctor.diagnosis.located import locate
from accountsctl.doctor.facts.exchanges import REQUEST_IDS, Exchange
from accountsctl.doctor.facts.places import API_LOG
from accountsctl.model.errors import CloudError
from accountsctl.ports.telemetry import ApiLog

MOST = 5
"""How many requests are looked up: FilterLogEvents has a quota of five calls a second for an account and region."""


def with_logs(found: Findings, log: ApiLog) -> Findings:
    """The findings, with what the log has of the requests that were refused."""
    left = MOST
    diagnoses: list[Diagnosis] = []
    for diagnosis in found.diagnoses:
        refused = list(_refused(diagnosis))[:left]
        left -= len(refused)
        diagnoses.append(_with_lines(diagnosis, refused, log))
    return replace(found, diagnoses=tuple(diagnoses))


def _refused(diagnosis: Diagnosis) -> Iterator[Exchange]:
    if diagnosis.fails:
        for exchange in diagnosis.probes:
            if exchange.status >= 400 and _request_id(exchange):
                yield exchange


def _request_id(exchange: Exchange) -> str | None:
    if exchange.answer is None:
        return None
    return next((value for name in REQUEST_IDS if (value := exchange.answer.value(name))), None)


def _with_lines(diagnosis: Diagnosis, refused: list[Exchange], log: ApiLog) -> Diagnosis:
    lines: list[str] = []
    for exchange in refused:
        target = locate(exchange.url, ())
        request = _request_id(exchange)
        # Only a stage of API Gateway has a log; a function URL has none.
        if not target.api or target.stage is None or request is None:
            continue
        at = datetime.fromtimestamp(diagnosis.ask.now, UTC)
        try:
            found = log.of_request(target.api, target.stage or "", request, at)
        except CloudError as error:
            gap = (API_LOG, " ".join(part for part in (error.what, error.why, error.hint) if part))
            return replace(diagnosis, not_checked=(*diagnosis.not_checked, gap))
        lines += [f"{exchange.method} {exchange.status} (request {request}): {line}" for line in found]
    return by_log(replace(diagnosis, logged=tuple(dict.fromkeys(lines))))
