"""`doctor cors --fix`: change this project's files until the request passes, in a copy first.

`fix_candidates` gives the changes that may fix a cause. Each is rehearsed: the project is rendered and diagnosed
with the change, and only a change with which the request gets further is kept. The result is one edit, shown as
a diff.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from accountsctl.commands.doctor.fix_candidates import candidates, is_built, resource_of, with_own_template
from accountsctl.commands.doctor.who_may_call import is_asked_for
from accountsctl.doctor.catalogue.cards import CARDS
from accountsctl.doctor.catalogue.scene import Scene
from accountsctl.doctor.diagnosis.called_apis import called_api, layers_by_name
from accountsctl.doctor.diagnosis.diagnose import Diagnosis, DiagnosisOutcome, diagnose
from accountsctl.doctor.diagnosis.subject import Subject
from accountsctl.doctor.facts.model import Api
from accountsctl.doctor.facts.templates.project import read_project
from accountsctl.model.edit import Edit
from accountsctl.model.errors import ProjectError
from accountsctl.ports.projects import Reading, Workspace
from accountsctl.ports.templates import Templates
from accountsctl.synth import assemble

MOST_STEPS = 10
WINDOWS_END = "\r\n"
STALE = "deploy.stale"


@dataclass(frozen=True)
class ProposedFix:
    """What `--fix` would do: the edit, a diff for each file, and the ids of the causes that it fixes.

    `unfixed` are the root causes that no change of the files is known for, `to_name` those whose change has to be
    asked for by name, `built` the files that another tool writes, which were left as they are.
    """

    edit: Edit
    diffs: tuple[str, ...] = ()
    fixed: tuple[str, ...] = ()
    unfixed: tuple[str, ...] = ()
    to_name: tuple[str, ...] = ()
    built: tuple[str, ...] = ()


def propose_fix(
    workspace: Workspace, templates: Templates, environment: str, diagnoses: Iterable[Diagnosis]
) -> ProposedFix:
    """Return the smallest known change of the project's files after which the requests pass, or get further."""
    search = _FixSearch(workspace, templates, environment)
    for diagnosis in diagnoses:
        if diagnosis.root is not None and diagnosis.root.card.id == STALE:
            search.redeploy(diagnosis)
        if diagnosis.fails or diagnosis.masked_by:
            search.fix_request(diagnosis)
    return search.result()


@dataclass(frozen=True)
class _FixSearch:
    """The project with the changes that were kept so far: files as they would be, by path."""

    workspace: Workspace
    templates: Templates
    environment: str
    texts: dict[str, str] = field(default_factory=dict)
    fixed: list[str] = field(default_factory=list)
    unfixed: list[str] = field(default_factory=list)
    to_name: list[str] = field(default_factory=list)
    built: list[str] = field(default_factory=list)

    def redeploy(self, diagnosis: Diagnosis) -> None:
        """Let the next push deploy. The files do not show that it must, so there is nothing to rehearse."""
        reading = self._rehearsed({})
        _, api = _diagnose_again(reading, diagnosis)
        source = reading.project.sources.get(resource_of(api)) if api is not None else None
        if api is None or source is None or source.template is None:
            return
        file = source.template.file
        if is_built(file):
            return
        scene = Scene(api, diagnosis.ask, preflight=False)
        new_text = with_own_template(self.templates, file, self._text(file), STALE, scene)
        if new_text is not None:
            self.texts[file] = new_text
            self.fixed.append(STALE)

    def fix_request(self, diagnosis: Diagnosis) -> None:
        """Fix the cause of one request, then what comes next, and at last what hid one of these causes.

        A request whose cause is not fixed gets no other change: what hides a cause is not the cause. Nor is what
        would hide others, of which the diagnosis warns.
        """
        hid = {mask.card.id for mask in diagnosis.masked_by}
        for _ in range(MOST_STEPS):
            reading = self._rehearsed({})
            now, api = _diagnose_again(reading, diagnosis)
            if now is None or api is None:
                return
            hid.update(mask.card.id for mask in now.masked_by)
            masks = [mask for mask in _masks(now) if mask in hid]
            if now.outcome is DiagnosisOutcome.PASS and not masks:
                return
            causes = [now.root.card.id] if now.root else masks
            for card in causes:
                preflight = card.startswith("preflight.") or now.walk.refused == "preflight"
                scene = Scene(api, now.ask, preflight)
                if not is_asked_for(reading.project, scene, card):
                    self.to_name.append(card)
                    continue
                changes = candidates(reading.project, self.templates, scene, card, self._text)
                if any(self._keep_if_better(now, new_texts) for new_texts in changes):
                    self.fixed.append(card)
                    break
            else:
                self.unfixed.extend([now.root.card.id] if now.root else [])
                self._note_built_file(reading, api)
                return

    def _note_built_file(self, reading: Reading, api: Api) -> None:
        """Keep the name of the API's template if another tool writes it: a change of it would be overwritten."""
        source = reading.project.sources.get(resource_of(api))
        if source is not None and source.template is not None and is_built(source.template.file):
            self.built.append(source.template.file)

    def result(self) -> ProposedFix:
        """Return all changes as one edit, with a diff for each file."""
        diffs = (_diff(path, self._original(path) or "", text) for path, text in sorted(self.texts.items()))
        windows = {path for path in self.texts if WINDOWS_END in (self.workspace.text(path) or "")}
        return ProposedFix(
            _edit(
                {
                    path: text.replace("\n", WINDOWS_END) if path in windows else text
                    for path, text in self.texts.items()
                }
            ),
            tuple(diff for diff in diffs if diff),
            tuple(dict.fromkeys(self.fixed)),
            tuple(dict.fromkeys(self.unfixed)),
            tuple(dict.fromkeys(self.to_name)),
            tuple(dict.fromkeys(self.built)),
        )

    def _keep_if_better(self, now: Diagnosis, new_texts: Mapping[str, str]) -> bool:
        """Keep a change if the request gets further with it than it gets `now`."""
        if not new_texts or all(self._text(path) == text for path, text in new_texts.items()):
            return False
        after, _ = _diagnose_again(self._rehearsed(new_texts), now)
        if after is None or _state(after) == _state(now):
            return False
        if _remaining(after) > _remaining(now) and not _is_further(now, after):
            return False
        self.texts.update(new_texts)
        return True

    def _text(self, path: str) -> str | None:
        """A file as it would be, or as it is."""
        return self.texts.get(path, self._original(path))

    def _original(self, path: str) -> str | None:
        """A file as it is, with line ends of one character."""
        text = self.workspace.text(path)
        return None if text is None else text.replace(WINDOWS_END, "\n")

    def _rehearsed(self, new_texts: Mapping[str, str]) -> Reading:
        """The project with all changes so far, and with `new_texts`."""
        return self.workspace.rehearse(_edit({**self.texts, **new_texts}), self.environment)


def _edit(texts: Mapping[str, str]) -> Edit:
    return Edit(files={path: text.encode() for path, text in texts.items()})


def _masks(diagnosis: Diagnosis) -> list[str]:
    """Masks of this refusal, and those that would hide others."""
    ids = [remark.card.id for remark in (*diagnosis.masked_by, *diagnosis.warnings)]
    return [
        card for card in dict.fromkeys(ids) if card.startswith("gwresp.") and card != "gwresp.masks-preflight"
    ]


def _diagnose_again(reading: Reading, diagnosis: Diagnosis) -> tuple[Diagnosis | None, Api | None]:
    """The diagnosis of the same request on the project as it would be; None if the project does not render."""
    try:
        apis = read_project(assemble(reading), reading.project)
    except ProjectError:
        return None, None
    # Several APIs of a project may take a path.
    routed = [api for api in apis if api.route(diagnosis.ask.path) is not None]
    called = called_api(diagnosis.ask.url, layers_by_name(apis)) if diagnosis.ask.url else ()
    api = next((api for api in apis if api.name == diagnosis.api), None)
    api = api or next(iter([*called, *routed, *apis]), None)
    if api is None:
        return None, None
    return diagnose(Subject((api,)), diagnosis.ask), api


def _state(diagnosis: Diagnosis) -> object:
    root = diagnosis.root.card.id if diagnosis.root else None
    return (diagnosis.outcome, root, tuple(_masks(diagnosis)))


def _is_further(now: Diagnosis, after: Diagnosis) -> bool:
    """Whether a request meets its next cause later on its way: what stood before it hid more than was predicted."""
    if now.root is None or after.root is None or now.root.card.id in after.next:
        return False
    return CARDS.index(after.root.card) > CARDS.index(now.root.card)


def _remaining(diagnosis: Diagnosis) -> tuple[int, int]:
    """How much is left: causes in a row, then masks."""
    return (0 if diagnosis.root is None else 1 + len(diagnosis.next), len(_masks(diagnosis)))


def _diff(path: str, before: str, after: str) -> str:
    lines = difflib.unified_diff(
        before.splitlines(keepends=True), after.splitlines(keepends=True), f"a/{path}", f"b/{path}"
    )
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    )
