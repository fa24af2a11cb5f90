"""A diagnosis as JSON: the shape of `schema.json` beside this file, stable names, ids of the catalogue."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from accountsctl.doctor.browser.console import console_text
from accountsctl.doctor.browser.verdict import Phase, Verdict
from accountsctl.doctor.catalogue.card import Card
from accountsctl.doctor.catalogue.cli_commands import CLAIMS
from accountsctl.doctor.catalogue.client_snippets import client_snippet
from accountsctl.doctor.catalogue.definition_snippets import definition_snippet
from accountsctl.doctor.catalogue.framework_snippets import CAUSES as OF_FRAMEWORKS
from accountsctl.doctor.catalogue.framework_snippets import framework_snippet
from accountsctl.doctor.catalogue.parties import is_code_of_backend
from accountsctl.doctor.catalogue.questions import WHICH_STEP, best_question
from accountsctl.doctor.catalogue.scene import Evidence
from accountsctl.doctor.catalogue.snippets import language_of, snippet
from accountsctl.doctor.catalogue.splitting_question import SplittingQuestion
from accountsctl.doctor.catalogue.unknown_status import question_of_status
from accountsctl.doctor.diagnosis.diagnose import Certainty, Diagnosis
from accountsctl.doctor.diagnosis.located import Target, locate
from accountsctl.doctor.diagnosis.masks import Remark
from accountsctl.doctor.facts.exchanges import Exchange
from accountsctl.doctor.facts.places import Layer
from accountsctl.doctor.reports.only_deployed import IF_PUSHED, PUSH_IT, is_only_deployed
from accountsctl.doctor.reports.plain import plain_words
from accountsctl.doctor.reports.scrub import PART_LEFT_OUT
from accountsctl.model.api_gateway import ApiKind

SCHEMA = "accountsctl.doctor.cors/1"
FIX = "Add --fix --apply to this command; --fix alone shows the change."
DEPLOY = "Deploy it as this API is deployed: sam deploy, cdk deploy, serverless deploy, or Deploy API in the console."
Lines = Mapping[tuple[str, str], int]


def report_json(
    found: Diagnosis, lines: Lines, patches: tuple[str, ...] = (), *, own: bool = False, fixing: bool = False
) -> dict[str, Any]:
    """One diagnosis. `lines` are the lines of pointers in files; `patches` diffs of this project's files; `own`:
    they are facts of a project that `--fix` can change, `fixing`: and it was given. Warnings are included if there are
    any, and the words for the page's developer if the request is blocked."""
    words = plain_words(found)
    warnings = [_remark(warning, lines) for warning in found.warnings]
    return {
        "schema": SCHEMA,
        "target": found.ask.target,
        "origin": found.ask.origin,
        "verdict": found.outcome.value,
        "browser": _browser(found),
        "rootCause": _root(found),
        "maskedBy": [mask.card.id for mask in found.masked_by],
        "next": list(found.next),
        "evidence": [evidence_json(evidence, lines) for evidence in all_evidence(found)],
        "fix": [{"kind": kind, "text": text} for kind, text in fixes(found, patches, own=own, fixing=fixing)],
        "notChecked": [{"what": what, "why": why} for what, why in found.not_checked],
        "probes": [_probe(probe) for probe in found.probes],
        **({"warnings": warnings} if warnings else {}),
        **({"log": list(found.logged)} if found.logged else {}),
        **_question(found),
        **({"inShort": {"happened": words.happened, "whoActs": list(words.parties)}} if words else {}),
    }


def _browser(found: Diagnosis) -> dict[str, Any]:
    verdict = found.walk.verdict or Verdict(ok=True)
    has_verdict = found.walk.verdict is not None
    return {
        "profile": found.ask.profile.value,
        "phase": verdict.phase if has_verdict else None,
        "code": verdict.code if has_verdict else None,
        "consoleText": console_text(verdict, found.ask, found.walk.blocked_status) if has_verdict else "",
    }


def _root(found: Diagnosis) -> dict[str, Any] | None:
    if found.root is None:
        return None
    return {
        "id": found.root.card.id,
        "certainty": found.certainty.value,
        "alternatives": [alternative.card.id for alternative in found.alternatives],
    }


def all_evidence(found: Diagnosis) -> tuple[Evidence, ...]:
    """What speaks for the root cause and its alternatives, each once, the live layer first."""
    if found.root is None:
        return ()
    every = [evidence for suspect in found.suspects for evidence in suspect.evidence]
    order = [Layer.LIVE, Layer.DEPLOYED, Layer.STATIC]
    unique = {
        (evidence.place.layer, evidence.place.source, evidence.place.pointer, evidence.observed): evidence
        for evidence in every
    }
    return tuple(sorted(unique.values(), key=lambda evidence: order.index(evidence.place.layer)))


def evidence_json(evidence: Evidence, lines: Lines) -> dict[str, Any]:
    """One piece of evidence; with the line where the file's is known."""
    place = evidence.place
    entry: dict[str, Any] = {
        "layer": place.layer.value,
        "source": place.source,
        "pointer": place.pointer,
        "observed": evidence.observed,
        "expected": evidence.expected,
    }
    line = lines.get((place.source, place.pointer))
    return {**entry, "line": line} if line else entry


def fixes(
    found: Diagnosis, patches: tuple[str, ...] = (), *, own: bool = False, fixing: bool = False
) -> Iterator[tuple[str, str]]:
    """What to do, as (kind, text): the diffs of this project first, then words, then commands."""
    if found.root is None or not found.fails:
        return
    if found.certainty is Certainty.AMBIGUOUS:
        question = question_of(found)
        if question is not None:
            yield "command", _filled(_asked(question, found), found)
        for text, ids in _commands_of_suspects(found).items():
            if question is None or not text.endswith(question.where):
                yield "command", f"{' or '.join(ids)}: {_filled(text, found)}"
        return
    yield from (("patch", text) for text in patches)
    card = found.root.card
    if is_only_deployed(found) and _looked_at_files(found):
        yield "command", PUSH_IT
        yield card.kind, f"{IF_PUSHED} {_filled(card.fix, found)}"
        return
    yield card.kind, _filled(card.fix, found)
    for code in (_snippet(found), _definition(card.id, found, own=own), _code_of_page(found)):
        if code:
            yield "code", code
    for mask in found.masked_by:
        if mask.card.id != "gwresp.masks-preflight":
            yield mask.card.kind, mask.card.fix
            code = _definition(mask.card.id, found, own=own)
            if code:
                yield "code", code
    if own and fixing:
        return
    if own and card.fixable:
        yield "command", FIX
    if own and (card.kind == "patch" or card.fixable or is_code_of_backend(card)):
        yield "command", "accountsctl push"
    elif card.kind == "patch" and "deploy" not in card.fix and _looked_at_files(found):
        yield "command", DEPLOY


def _commands_of_suspects(found: Diagnosis) -> dict[str, list[str]]:
    """The commands that show a suspect, each with the ids of those that it shows."""
    shown: dict[str, list[str]] = {}
    for suspect in found.suspects:
        states_token = found.ask.token is not None and suspect.card.split == CLAIMS
        if suspect.card.split and not states_token:
            shown.setdefault(suspect.card.split, []).append(suspect.card.id)
    return shown


def question_of(found: Diagnosis) -> SplittingQuestion | None:
    """The question that splits the suspects; None if there is one suspect, or if no question splits them."""
    if _has_unknown_status(found):
        verdict = found.walk.verdict
        of_preflight = verdict is not None and verdict.phase is Phase.PREFLIGHT
        question = question_of_status(found.ask, preflight=of_preflight)
        if question.lists(found.causes) and len(question.split(_split_by(found))) > 1:
            return question
        if len(WHICH_STEP.split(found.causes)) > 1:
            return WHICH_STEP
    return best_question(found.causes)


def _has_unknown_status(found: Diagnosis) -> bool:
    answers = (found.walk.preflight, found.walk.actual)
    return any(answer is not None and not answer.status for answer in answers)


def _split_by(found: Diagnosis) -> tuple[str, ...]:
    """The causes that the question's answers name: where not even the status is known, the rarer ones too."""
    rarer = found.walk.rarer if _has_unknown_status(found) else ()
    return (*found.causes, *rarer)


def _asked(question: SplittingQuestion, found: Diagnosis) -> str:
    answers = question.split(_split_by(found)).items()
    remaining = "; ".join(f"{answer}: {' or '.join(causes)}" for answer, causes in answers)
    return f"{question.text} ({question.where}) {remaining}."


def _question(found: Diagnosis) -> dict[str, object]:
    question = question_of(found)
    if question is None:
        return {}
    answers = [
        {"answer": answer, "causes": list(causes)}
        for answer, causes in question.split(_split_by(found)).items()
    ]
    return {"question": {"ask": question.text, "where": _filled(question.where, found), "answers": answers}}


def _snippet(found: Diagnosis) -> str:
    """Code to paste for the root cause, in the language of the function's source; empty if there is none."""
    root = found.root
    if root is None:
        return ""
    ask = found.ask
    sources = (language_of(evidence.place.source) for evidence in root.evidence)
    language = next((one for one in sources if one), ask.backend.language)
    framework = ask.backend.framework
    if framework is not None and (language is None or framework.language in (language, None)):
        fitting = framework_snippet(root.card.id, ask)
        # Code that answers by itself would not fit into a framework.
        return fitting if root.card.id in OF_FRAMEWORKS else snippet(root.card.id, language, ask)
    return snippet(root.card.id, language, ask)


def _definition(cause: str, found: Diagnosis, *, own: bool) -> str:
    """Code to paste where the API is defined; empty if there is none, or if `--fix` writes it."""
    if own:
        return ""
    target = _called(found)
    ask = replace(found.ask, stage=target.stage or None)
    return definition_snippet(cause, ask, found.kind, target.api or "")


def _code_of_page(found: Diagnosis) -> str:
    """Code to paste in the page; empty if none helps."""
    return client_snippet(found.root.card.id, found.ask) if found.root else ""


def _filled(text: str, found: Diagnosis) -> str:
    """A command with the API and the stage that the URL names."""
    target = _called(found)
    known = {
        "--rest-api-id API": target.api,
        "--api-id API": target.api,
        "--stage-name STAGE": target.stage,
        "nslookup HOST": found.ask.host,
        "--http-method METHOD": "OPTIONS" if _is_of_preflight(found) else found.ask.method,
    }
    for word, value in known.items():
        text = text.replace(word, f"{word.partition(' ')[0]} {value}") if value else text
    return text


def _called(found: Diagnosis) -> Target:
    """What the URL names, but for a part that a shared report leaves out. The stage of an HTTP API may be in no URL."""
    target = locate(found.ask.url, ())
    stage = found.ask.stage if found.ask.stage is not None or found.kind == ApiKind.HTTP else target.stage
    return replace(target, stage=None if stage == PART_LEFT_OUT else stage)


def _is_of_preflight(found: Diagnosis) -> bool:
    verdict = found.walk.verdict
    return found.walk.refused is Phase.PREFLIGHT or (verdict is not None and verdict.phase is Phase.PREFLIGHT)


def _looked_at_files(found: Diagnosis) -> bool:
    return found.layers[:1] == (Layer.STATIC,)


def _probe(exchange: Exchange) -> dict[str, Any]:
    return {
        "id": exchange.probe,
        "request": f"{exchange.method} {exchange.url}",
        "status": exchange.status or None,
        "errorType": exchange.error_type or None,
        "failure": exchange.failure_text,
        "durationMs": exchange.milliseconds,
    }


def _remark(remark: Remark, lines: Lines) -> dict[str, Any]:
    return {
        "id": remark.card.id,
        "text": remark.card.what,
        "evidence": [evidence_json(one, lines) for one in remark.evidence],
        "fix": remark.card.fix,
    }


def explained(card: Card) -> dict[str, str]:
    """A card as the catalogue has it."""
    answers = dict.fromkeys(f"{refusal.status} {refusal.error_type}".strip() for refusal in card.refusals)
    return {
        "id": card.id,
        "stage": card.stage.words,
        "what": card.what,
        "browser": card.browser,
        "answer": ", ".join(answers),
        "fix": card.fix,
        "kind": card.kind,
        "source": card.source,
    }
