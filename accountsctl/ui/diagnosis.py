"""A diagnosis as text: verdict, root cause, evidence, what the browser shows, what masks it, the fix, what then."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Collection, Iterable, Iterator, Sequence

from accountsctl.doctor.browser.console import console_text
from accountsctl.doctor.browser.verdict import Verdict
from accountsctl.doctor.catalogue.card import Card
from accountsctl.doctor.catalogue.cards import BY_ID
from accountsctl.doctor.catalogue.scene import Evidence
from accountsctl.doctor.diagnosis.diagnose import OF_URL, Certainty, Diagnosis, DiagnosisOutcome
from accountsctl.doctor.diagnosis.masks import Remark
from accountsctl.doctor.facts.exchanges import is_own
from accountsctl.doctor.facts.places import Layer
from accountsctl.doctor.facts.routing import ID
from accountsctl.doctor.reports.json_report import Lines, all_evidence, explained, fixes
from accountsctl.doctor.reports.plain import plain_words
from accountsctl.ui.evidence_places import different_lines, lines_of_place, place_of, sureness_of
from accountsctl.ui.screen import BOLD, GREEN, RED, YELLOW, Screen

WIDTH = 100
NARROWEST = 20
STYLES = {
    DiagnosisOutcome.PASS: GREEN,
    DiagnosisOutcome.BLOCKED: RED,
    DiagnosisOutcome.ERROR: RED,
    DiagnosisOutcome.UNKNOWN: YELLOW,
}
SERVER_IS_FINE = "The server is fine for these requests."
DEPLOYED_IS_FINE = (
    "What is deployed blocks none of these requests. None was sent: --layer live, --url with the full URL, or a "
    "recording (--har), shows what comes back."
)
TEMPLATES_ARE_FINE = (
    "The templates block none of these requests. What is deployed was not looked at: --layer deployed, --url with the "
    "full URL, or a recording (--har), shows it."
)
MADE_UP = f" For a path with an id the doctor asks for {ID}, which need not be there."
NOTHING_BLOCKS = (
    "Nothing that is known blocks these requests. What was not checked may do so: --url with the full URL, or a "
    "recording (--har), shows it."
)
CLIENT_SIDE = (
    "Where a browser still complains, look at the page's Content-Security-Policy (connect-src), an extension, "
    "mode: 'no-cors', an old preflight in the browser's cache, or a configuration of another environment."
)


def show_all(
    screen: Screen, found: Sequence[Diagnosis], lines: Lines, *, own: bool = False, fixing: bool = False
) -> None:
    """Every diagnosis: those that share a cause together, and once in full; those that pass in one line each.

    `own`: they are of a project that `--fix` can change; `fixing`: and it was given.
    """
    groups: dict[object, list[Diagnosis]] = {}
    for diagnosis in found:
        groups.setdefault(_same(diagnosis), []).append(diagnosis)
    for number, alike in enumerate(groups.values(), 1):
        first, *others = alike
        passes = first.outcome is DiagnosisOutcome.PASS
        for other in () if passes else others:
            _show_head(screen, other)
        show(screen, first, lines, own=own, fixing=fixing)
        for other in others if passes else ():
            _show_head(screen, other)
        _not_checked(screen, alike)
        if number < len(groups) and alike[0].root is not None:
            screen.line("")
    if all(diagnosis.outcome is DiagnosisOutcome.PASS for diagnosis in found):
        screen.line("")
        for text in _wrapped(f"{_of_server(found)} {CLIENT_SIDE}", _width(screen), "  "):
            screen.line(text)
    warnings = list(_warnings(found))
    if warnings:
        screen.line("")
    for remark in warnings:
        _block(screen, "Warning", f"{remark.card.id}: {remark.card.what}")
        for seen in remark.evidence[:1]:
            _block(screen, "", f"{place_of(seen, lines)}: {seen.observed}")


def _of_server(found: Sequence[Diagnosis]) -> str:
    """What is known of the server, when nothing blocks the requests."""
    if any(diagnosis.walk.unknown for diagnosis in found):
        return NOTHING_BLOCKS
    verdicts = [diagnosis.walk.verdict for diagnosis in found]
    errors = sorted({verdict.status for verdict in verdicts if verdict is not None and verdict.status >= 400})
    if not errors:
        return of_layers(set.intersection(*(set(diagnosis.layers) for diagnosis in found)))
    of_made_up_id = MADE_UP if any(map(_has_made_up_id, found)) else ""
    return (
        f"CORS is fine: the page may read the responses. {', '.join(map(str, errors))} is an error of the "
        f"application; the response's body and the API's log say why.{of_made_up_id}"
    )


def _has_made_up_id(found: Diagnosis) -> bool:
    """Whether the application did not find what the doctor itself asked for, by an id of its own."""
    verdict = found.walk.verdict
    sent = any(map(is_own, found.probes))
    return verdict is not None and verdict.status == 404 and sent and ID in found.ask.path.split("/")


def of_layers(seen: Collection[Layer]) -> str:
    """What requests that pass say of the server, by the layers that were looked at for all of them."""
    if Layer.LIVE in seen:
        return SERVER_IS_FINE
    return DEPLOYED_IS_FINE if Layer.DEPLOYED in seen else TEMPLATES_ARE_FINE


def _same(found: Diagnosis) -> object:
    """What makes two diagnoses one: outcome and cause; masks and what comes next, too."""
    root = found.root.card.id if found.root else None
    others = tuple(alternative.card.id for alternative in found.alternatives)
    return (found.outcome, root, others, tuple(mask.card.id for mask in found.masked_by), found.next)


def _warnings(found: Iterable[Diagnosis]) -> Iterator[Remark]:
    seen: set[str] = set()
    for diagnosis in found:
        for remark in diagnosis.warnings:
            if remark.card.id not in seen:
                seen.add(remark.card.id)
                yield remark


def _show_head(screen: Screen, found: Diagnosis) -> None:
    """The verdict and the request in one line; in two, if a terminal is too narrow for it."""
    request = f"{found.outcome.value.upper():<8} {found.ask.target}"
    origin = f"from {found.ask.origin}"
    fits = screen.width is None or len(request) + 2 + len(origin) <= screen.width
    for text in [f"{request}  {origin}"] if fits else [request, f"{'':<8} {origin}"]:
        screen.line(_colored(screen, text, STYLES[found.outcome]))


def _width(screen: Screen, lead: int = 0) -> int:
    """How many columns text may have after `lead` columns; a terminal may have fewer than a file."""
    return max(NARROWEST, min(WIDTH, screen.width or WIDTH) - lead)


def _wrapped(text: str, width: int, indent: str = "") -> list[str]:
    """Lines of at most `width` columns. A name with hyphens, and a URL, stays whole: it can be copied. A list without
    blanks is broken after its commas, as a terminal would break it within a name.
    """
    return _ListWrapper(width, subsequent_indent=indent, break_on_hyphens=False, break_long_words=False).wrap(
        text
    )


class _ListWrapper(textwrap.TextWrapper):
    def _split(self, text: str) -> list[str]:
        return [
            part
            for chunk in super()._split(text)
            for part in (re.split("(?<=,)(?=.)", chunk) if len(chunk) > self.width else [chunk])
        ]


def show(screen: Screen, found: Diagnosis, lines: Lines, *, own: bool = False, fixing: bool = False) -> None:
    """One diagnosis."""
    _show_head(screen, found)
    words = plain_words(found)
    if words is not None:
        _block(screen, "In short", words.happened)
        if words.parties:
            _block(screen, "Who acts", words.duty())
    if found.root is not None:
        _cause(screen, found)
        _evidence(screen, all_evidence(found), lines)
    elif found.fails:
        screen.line("Root cause  not known: nothing that was looked at explains this answer")
    if found.fails and found.walk.verdict is not None:
        _block(
            screen,
            "Browser shows",
            _console(found, found.walk.verdict),
            lead=15,
        )
    shown = {evidence.observed for evidence in all_evidence(found)}
    for line in different_lines(found.logged, shown):
        _block(screen, "API's log", line)
    for mask in found.masked_by:
        observed = f" ({mask.evidence[0].observed})" if mask.evidence else ""
        _block(screen, "Masked by", f"{mask.card.id}: {mask.card.what.removesuffix('.')}{observed}")
    _fixes(screen, found, own=own, fixing=fixing)
    if found.root is not None and found.certainty is not Certainty.AMBIGUOUS:
        _block(screen, "Then", _afterwards(found))


def _console(found: Diagnosis, verdict: Verdict) -> str:
    """What the browser's console shows."""
    shown = console_text(verdict, found.ask, found.walk.blocked_status) or "nothing"
    if not found.walk.headers_assumed:
        return shown
    if verdict.ok:
        return f"{shown}; or a CORS error, if the refusal has no CORS headers"
    readable = console_text(Verdict(ok=True, status=found.walk.blocked_status), found.ask)
    return f"{shown} Or, if the refusal has CORS headers: {readable}"


def _afterwards(found: Diagnosis) -> str:
    """What the browser would report after the fix."""
    if found.root is not None and found.root.card.id in OF_URL:
        return "what the right URL answers, which was not looked at"
    if not found.next and _ends_unseen(found):
        return f"what the API answers your {found.ask.method}, which was not seen"
    after = "; then ".join(f"{id_}: {BY_ID[id_].what.removesuffix('.')}" for id_ in found.next)
    return f"{after or 'nothing further found after this fix'} (simulated)"


def _ends_unseen(found: Diagnosis) -> bool:
    """Whether neither facts nor a response show what the API answers the request itself."""
    seen = (probe for probe in found.probes if probe.method != "OPTIONS" and probe.answer is not None)
    return found.layers in ((), (Layer.LIVE,)) and not any(probe.url == found.ask.url for probe in seen)


def _not_checked(screen: Screen, alike: Sequence[Diagnosis]) -> None:
    """What was not looked at for any of them, what has one reason together."""
    reasons: dict[str, dict[str, None]] = {}
    for diagnosis in alike:
        for what, why in diagnosis.not_checked:
            reasons.setdefault(why, {})[what] = None
    for why, whats in reasons.items():
        _block(screen, "Not checked", f"{', '.join(whats)}: {why}", lead=13)


def _cause(screen: Screen, found: Diagnosis) -> None:
    assert found.root is not None
    if found.certainty is Certainty.AMBIGUOUS:
        screen.line("Root cause  one of these; what was seen cannot tell them apart")
        for suspect in found.suspects:
            screen.line(f"  {_colored(screen, suspect.card.id, BOLD)}")
            for text in (suspect.card.what, f"Fix: {suspect.card.fix}"):
                for line in _wrapped(text, _width(screen, 4)):
                    screen.line(f"    {line}")
        return
    id_ = found.root.card.id
    _block(screen, "Root cause", f"{id_} ({sureness_of(found)})", bold=id_)
    for text in _wrapped(found.root.card.what, _width(screen, 2)):
        screen.line(f"  {text}")


def _evidence(screen: Screen, every: Sequence[Evidence], lines: Lines) -> None:
    if not every:
        return
    screen.line("Evidence")
    for evidence in every:
        first, *rest = lines_of_place(place_of(evidence, lines), _width(screen, 12))
        screen.line(f"  {evidence.place.layer.value:<9} {first}")
        for text in rest:
            screen.line(f"            {text}")
        for text in _wrapped(f"{evidence.observed}  (expected: {evidence.expected})", _width(screen, 12)):
            screen.line(f"            {text}")


def _fixes(screen: Screen, found: Diagnosis, *, own: bool, fixing: bool) -> None:
    steps = list(fixes(found, own=own, fixing=fixing))
    if not steps:
        return
    title = "To tell them apart" if found.certainty is Certainty.AMBIGUOUS else "Fix"
    screen.line(title)
    for number, (_, text) in enumerate(steps, 1):
        # Code keeps its lines.
        wrapped = text.splitlines() if "\n" in text else _wrapped(text, _width(screen, 4))
        screen.line(f"  {number} {wrapped[0]}")
        for rest in wrapped[1:]:
            screen.line(f"    {rest}")


def _block(screen: Screen, title: str, text: str, lead: int = 12, bold: str = "") -> None:
    """A title and its text, whose first word may be bold."""
    first, *rest = _wrapped(text, _width(screen, lead)) or [""]
    shown = f"{_colored(screen, bold, BOLD)}{first.removeprefix(bold)}" if bold else first
    screen.line(f"{title:<{lead}}{shown}")
    for line in rest:
        screen.line(" " * lead + line)


def _colored(screen: Screen, text: str, style: str) -> str:
    return screen.styled(text, style)


def show_card(screen: Screen, card: Card) -> None:
    """`--explain`."""
    explanation = explained(card)
    screen.line(f"{_colored(screen, card.id, BOLD)}  ({explanation['stage']})")
    for text in _wrapped(card.what, _width(screen)):
        screen.line(text)
    for title, key in (("Browser", "browser"), ("Answer", "answer"), ("Fix", "fix"), ("Source", "source")):
        if explanation[key]:
            _block(screen, title, explanation[key])


def show_cards(screen: Screen, cards: Iterable[Card]) -> None:
    """`--list`."""
    screen.table(("id", "stage", "what"), [(card.id, card.stage.words, card.what) for card in cards])
