"""`doctor cors --fix`: change this project's files until the request passes, in a copy first.

    own template            the template's values, by `doctor.mends`; its Deployment follows them from then on
    one of ours             the API's parameters, where they give the fault
    the project's own copy  the template that comes with accountsctl, where the project's differs and is at fault

Every cure is rehearsed: the project is rendered and diagnosed with it, and only what moves the diagnosis on is
kept. What is left is one edit, shown as a diff.
"""

from __future__ import annotations

import copy
import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from accountsctl.commands.project.add_api import POOL_OUTPUTS
from accountsctl.doctor.catalogue.cards import BY_ID
from accountsctl.doctor.catalogue.fixes.operation import FixOperation, following
from accountsctl.doctor.catalogue.fixes.parameters import require_cognito
from accountsctl.doctor.catalogue.scene import Scene
from accountsctl.doctor.diagnosis.diagnose import Diagnosis, DiagnosisOutcome, diagnose
from accountsctl.doctor.diagnosis.subject import Subject
from accountsctl.doctor.facts.model import Api
from accountsctl.doctor.facts.places import Layer
from accountsctl.doctor.facts.templates.project import read_project
from accountsctl.formats.edits import dependency, with_dependencies
from accountsctl.formats.json_reader import read
from accountsctl.formats.json_writer import rewrite
from accountsctl.model.edit import Edit
from accountsctl.model.errors import ProjectError
from accountsctl.model.names import ResourceId
from accountsctl.model.project import Project
from accountsctl.ports.projects import Reading, Workspace
from accountsctl.ports.templates import Templates
from accountsctl.synth import assemble

MOST_STEPS = 10
STALE = "deploy.stale"
Change = Callable[[dict[str, Any]], None]


@dataclass(frozen=True)
class Mended:
    """What `--fix` would do: the edit, a diff for each file, and the ids of what it cures."""

    edit: Edit
    diffs: tuple[str, ...] = ()
    cured: tuple[str, ...] = ()


def mend(
    workspace: Workspace, templates: Templates, environment: str, diagnoses: Iterable[Diagnosis]
) -> Mended:
    """The smallest known change of the project's files after which the requests pass, or get further."""
    mending = _Mending(workspace, templates, environment)
    for found in diagnoses:
        if found.root is not None and found.root.card.id == STALE:
            mending.redeploy(found)
        if found.outcome is DiagnosisOutcome.BLOCKED or found.masked_by:
            mending.cure(found)
    return mending.result()


@dataclass(frozen=True)
class _Mending:
    """The project with the changes that were kept so far: files as they would be, by path."""

    workspace: Workspace
    templates: Templates
    environment: str
    texts: dict[str, str] = field(default_factory=dict)
    cured: list[str] = field(default_factory=list)

    def redeploy(self, found: Diagnosis) -> None:
        """Let the next push deploy. Nothing in the files tells that it must, so that there is nothing to rehearse."""
        reading = self._rehearsed({})
        _, api = _look_again(reading, found)
        source = reading.project.sources.get(_resource(api)) if api is not None else None
        if api is None or source is None or source.template is None:
            return
        file = source.template.file
        scene = Scene(api, found.ask, preflight=False)
        changed = _own_template(self.templates, file, self._text(file), STALE, scene)
        if changed is not None:
            self.texts[file] = changed
            self.cured.append(STALE)

    def cure(self, found: Diagnosis) -> None:
        """Cure one request: its cause and its masks, then what comes next, as long as each step moves it on."""
        for _ in range(MOST_STEPS):
            reading = self._rehearsed({})
            now, api = _look_again(reading, found)
            if now is None or api is None or (now.outcome is DiagnosisOutcome.PASS and not _masks(now)):
                return
            wanted = ([now.root.card.id] if now.root else []) + _masks(now)
            for card in wanted:
                preflight = card.startswith("preflight.") or now.walk.refused == "preflight"
                scene = Scene(api, now.ask, preflight)
                news = _candidates(reading.project, self.templates, scene, card, self._text)
                if any(self._try(now, each) for each in news):
                    self.cured.append(card)
                    break
            else:
                return

    def result(self) -> Mended:
        """All changes as one edit, with a diff for each file."""
        diffs = (
            _diff(path, self.workspace.text(path) or "", text) for path, text in sorted(self.texts.items())
        )
        return Mended(
            _edit(self.texts), tuple(each for each in diffs if each), tuple(dict.fromkeys(self.cured))
        )

    def _try(self, now: Diagnosis, new: Mapping[str, str]) -> bool:
        """Keep a change where the request gets further with it than it gets `now`."""
        if not new or all(self._text(path) == text for path, text in new.items()):
            return False
        after, _ = _look_again(self._rehearsed(new), now)
        if after is None or _state(after) == _state(now) or _rank(after) > _rank(now):
            return False
        self.texts.update(new)
        return True

    def _text(self, path: str) -> str | None:
        """A file as it would be, or as it is."""
        return self.texts.get(path, self.workspace.text(path))

    def _rehearsed(self, new: Mapping[str, str]) -> Reading:
        """The project with all changes, and with `new` ones."""
        return self.workspace.rehearse(_edit({**self.texts, **new}), self.environment)


def _edit(texts: Mapping[str, str]) -> Edit:
    return Edit(files={path: text.encode() for path, text in texts.items()})


def _masks(found: Diagnosis) -> list[str]:
    """Masks to mend: those of this refusal, and on an API that works those that would hide the next one."""
    ids = [each.card.id for each in (*found.masked_by, *found.warnings)]
    return [
        each for each in dict.fromkeys(ids) if each.startswith("gwresp.") and each != "gwresp.masks-preflight"
    ]


def _look_again(reading: Reading, found: Diagnosis) -> tuple[Diagnosis | None, Api | None]:
    """The same request, to the project as it would be."""
    try:
        apis = read_project(assemble(reading), reading.project)
    except ProjectError:
        return None, None
    api = next((each for each in apis if each.route(found.ask.path) is not None), apis[0] if apis else None)
    if api is None:
        return None, None
    return diagnose(Subject((api,)), found.ask), api


def _state(found: Diagnosis) -> object:
    return (found.outcome, found.root.card.id if found.root else None, tuple(_masks(found)))


def _rank(found: Diagnosis) -> tuple[int, int]:
    """How much is left: causes in a row, then masks."""
    return (0 if found.root is None else 1 + len(found.next), len(_masks(found)))


def _candidates(
    project: Project, templates: Templates, scene: Scene, card: str, text: Callable[[str], str | None]
) -> Iterator[Mapping[str, str]]:
    """Changes that may cure a cause, the most fitting first: path -> new text. `text` gives a file as it would be."""
    source = project.sources.get(_resource(scene.api))
    if source is None:
        return
    if source.template is not None:
        file = source.template.file
        changed = _own_template(templates, file, text(file), card, scene)
        if changed is not None:
            yield {file: changed}
        return
    parameters = BY_ID[card].parameters
    if parameters is not None:
        file = source.parameters_file
        pool = _with_pool(project, source.id, text) if parameters is require_cognito else {}
        yield {file: _json(text(file) or "{}", lambda body: parameters(body, scene)), **pool}
    yield from _originals(templates, project)


def _with_pool(project: Project, api: ResourceId, text: Callable[[str], str | None]) -> Mapping[str, str]:
    """The backend in which the API knows the pool whose users it is for; nothing where it is not clear which."""
    pools = [each.id for each in project.backend if each.id.category == "auth"]
    file = project.backend.source
    written = text(file)
    if len(pools) != 1 or written is None:
        return {}
    return {file: _json(written, with_dependencies(api, [dependency(pools[0], POOL_OUTPUTS)]))}


def _resource(api: Api) -> ResourceId:
    category, _, name = api.name.partition("#")[0].partition("/")
    return ResourceId(category, name)


def _originals(templates: Templates, project: Project) -> Iterator[Mapping[str, str]]:
    """The package's template in place of the project's own, one by one, then all of them."""
    differing = {
        each.file: original
        for path, each in project.templates.items()
        if not each.file.startswith("package:")
        and (original := templates.original(path)) is not None
        and original != each.text
    }
    for path, text in differing.items():
        yield {path: text}
    if len(differing) > 1:
        yield differing


def _own_template(templates: Templates, path: str, text: str | None, card: str, scene: Scene) -> str | None:
    """The resource's own template with the cure's operations; None where there is none, or Jinja writes it."""
    if text is None or path.endswith(".j2"):
        return None
    changed: list[FixOperation] = []

    def change(body: dict[str, Any]) -> None:
        changed.extend(BY_ID[card].operations(scene, body))
        changed.extend(following(body) if changed else ())
        for each in changed:
            each.apply(body)

    told = _json(text, change) if path.endswith(".json") else templates.rewritten(text, change)
    return told if changed else None


def _json(text: str, change: Change) -> str:
    source = read(text, "")
    value = copy.deepcopy(source.value)
    change(value)
    return rewrite(source, value)


def _diff(path: str, before: str, after: str) -> str:
    lines = difflib.unified_diff(
        before.splitlines(keepends=True), after.splitlines(keepends=True), f"a/{path}", f"b/{path}"
    )
    return "".join(
        each if each.endswith("\n") else f"{each}\n\\ No newline at end of file\n" for each in lines
    )


def static_only(diagnoses: Sequence[Diagnosis]) -> bool:
    """True where some layer was the project's own files: only then is there something to mend."""
    return any(Layer.STATIC in each.layers for each in diagnoses)
