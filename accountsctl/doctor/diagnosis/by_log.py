"""The causes that a log names, in the place of several: it has API Gateway's own reason."""

from __future__ import annotations

from dataclasses import replace

from accountsctl.doctor.browser.verdict import Phase
from accountsctl.doctor.catalogue.cards import BY_ID
from accountsctl.doctor.catalogue.logged_reasons import causes_of_line, is_of_response
from accountsctl.doctor.catalogue.scene import Evidence
from accountsctl.doctor.diagnosis.diagnose import Certainty, Diagnosis
from accountsctl.doctor.diagnosis.subject import Suspect
from accountsctl.doctor.facts.places import API_LOG, Layer, SourcePlace
from accountsctl.doctor.observed.execution_logs import logged_failures, method_in_log


def by_log(diagnosis: Diagnosis, *, alone: Certainty = Certainty.CERTAIN) -> Diagnosis:
    """The diagnosis with the causes that its log names; `alone` is how sure a single one is.

    It may name none of the suspects: what answers is what is deployed, which the templates need not know.
    """
    if diagnosis.root is None or diagnosis.certainty is not Certainty.AMBIGUOUS:
        return diagnosis
    named = {id_: line for line in diagnosis.logged for id_ in sorted(causes_of_line(line))}
    suspects = [suspect for suspect in diagnosis.suspects if suspect.card.id in named]
    seen = tuple(evidence for evidence in diagnosis.root.evidence if evidence.place.layer is Layer.LIVE)
    found = [
        replace(suspect, evidence=(*suspect.evidence, _logged(named[suspect.card.id])))
        for suspect in suspects or [Suspect(BY_ID[id_], seen) for id_ in named]
    ]
    return diagnosis.among(found, alone=alone) if found else diagnosis


def by_pasted_log(diagnosis: Diagnosis, text: str) -> Diagnosis:
    """The same with the lines of API Gateway's log, or Lambda's, that stand in a text next to what the browser showed.

    The log of another method says nothing of a preflight.
    """
    lines = logged_failures(text) if diagnosis.fails else ()
    verdict = diagnosis.walk.verdict
    at = diagnosis.walk.refused or (verdict.phase if verdict else None)
    of_other = at is Phase.PREFLIGHT and method_in_log(text) not in ("", "OPTIONS")
    if not lines or of_other:
        return diagnosis
    return by_log(replace(diagnosis, logged=lines), alone=Certainty.LIKELY)


def _logged(line: str) -> Evidence:
    source = "the response's body" if is_of_response(line) else API_LOG
    return Evidence(SourcePlace(Layer.LIVE, source), line, "a request that succeeds")
