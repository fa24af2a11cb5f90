"""What stands next to a console's sentence in a pasted text: an API's source and logs narrow a diagnosis."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from accountsctl.commands.doctor.recordings import diagnosis_of
from accountsctl.doctor.catalogue.cards import BY_ID
from accountsctl.doctor.catalogue.scene import Evidence
from accountsctl.doctor.diagnosis.by_log import by_pasted_log
from accountsctl.doctor.diagnosis.by_pasted_definition import by_pasted_definition
from accountsctl.doctor.diagnosis.called_apis import called_api, layers_by_name
from accountsctl.doctor.diagnosis.diagnose import Certainty, Diagnosis, DiagnosisOutcome
from accountsctl.doctor.diagnosis.subject import Suspect
from accountsctl.doctor.facts.model import Api
from accountsctl.doctor.facts.templates import read_templates
from accountsctl.doctor.observed.har import RecordedFetch
from accountsctl.doctor.observed.page_code import page_code
from accountsctl.doctor.observed.pasted_text import fenced_blocks
from accountsctl.model.errors import CouldNotLook, ProjectError

_OF_URLS = "deploy."
"""How the causes begin that a URL's host, stage and path show, or another deployment than the template's."""


def by_what_is_pasted(diagnosis: Diagnosis, fetch: RecordedFetch, text: str) -> Diagnosis:
    """The diagnosis by the template, the code and the logs in a text, of which each may leave fewer suspects."""
    diagnosis = by_pasted_definition(_by_template(diagnosis, fetch, text), text)
    return by_pasted_log(_by_page_code(diagnosis, fetch, text), text)


def _by_page_code(diagnosis: Diagnosis, fetch: RecordedFetch, text: str) -> Diagnosis:
    """The mode no-cors first, if the page's code has it and the console shows an error's status alone.

    A request in that mode has no Authorization, no JSON and no headers of the page's own, which the server then misses.
    """
    exchange = fetch.actual
    if fetch.error or exchange.status < 400:
        return diagnosis
    code = page_code(text, (fetch.ask.url,))
    if code is None or not code.no_cors:
        return diagnosis
    shown = Evidence(
        exchange.place, f"{exchange.status}, and mode: 'no-cors' in the page's code", "mode: 'cors'"
    )
    first = Suspect(BY_ID["client.no-cors"], (shown,))
    blocked = replace(diagnosis, outcome=DiagnosisOutcome.BLOCKED)
    return blocked.among((first, *diagnosis.suspects[:1]), alone=Certainty.LIKELY)


def _by_template(diagnosis: Diagnosis, fetch: RecordedFetch, text: str) -> Diagnosis:
    """The diagnosis by a template in the text, if that explains what the browser showed; the same if not."""
    if diagnosis.certainty is not Certainty.AMBIGUOUS:
        return diagnosis
    called = called_api(fetch.ask.url, layers_by_name(_pasted_apis(text)))
    found = diagnosis_of(called, fetch) if called else diagnosis
    if found.root is None or found.root.card.id.startswith(_OF_URLS):
        # A part of a template may leave out what would explain it, and people disguise URLs.
        return diagnosis
    likely = Certainty.LIKELY if found.certainty is Certainty.CERTAIN else found.certainty
    return replace(found, certainty=likely)


@lru_cache(maxsize=1)  # A text may have thousands of sentences.
def _pasted_apis(text: str) -> tuple[Api, ...]:
    """The APIs of the first template of a text that can be read; empty if there is none."""
    for block in fenced_blocks(text):
        if "Resources" not in block:
            continue
        try:
            return read_templates({"pasted template": block})
        except (ProjectError, CouldNotLook):
            continue
    return ()
