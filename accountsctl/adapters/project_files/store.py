"""The project on disk: the adapter of `ports.Projects`.

Reading gathers and does not judge early: every file that can be read is read, and what is wrong with any of
them comes back together. What a project means is decided in `model`; here is only where things stand.
Writing is atomic throughout (see `files_disk`) and keeps what it does not know.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from accountsctl.adapters.project_files.disk import Disk, alone, write_file, write_folder
from accountsctl.adapters.project_files.journal import finish_pending
from accountsctl.adapters.project_files.resources import (
    read_source,
    read_templates,
    stray_parameters,
)
from accountsctl.adapters.project_files.tree import Tree
from accountsctl.formats import backend_config as backend_file
from accountsctl.formats import environment_config
from accountsctl.formats.json_source import Source
from accountsctl.formats.json_writer import new_text, rewrite
from accountsctl.formats.layout import (
    BACKEND_FILES,
    CHECKED_OUT_FILE,
    ENVIRONMENTS_FOLDER,
    JOURNAL_FILE,
    PROJECT_FILE,
    build_folder,
    environment_file,
)
from accountsctl.model.assembly import Assembly
from accountsctl.model.backend import Backend
from accountsctl.model.environment import Environment
from accountsctl.model.errors import Fault, ProjectError, UsageError
from accountsctl.model.names import ENVIRONMENT_NAME
from accountsctl.model.project import Project
from accountsctl.ports.projects import Reading


def find_root(start: Path) -> Path:
    """The project that `start` is in: the nearest folder upwards that has a backend-config.json.

    UsageError where there is none.
    """
    start = start.resolve()
    for folder in (start, *start.parents):
        if folder.name == "backend" and folder.parent.name == "amplify":
            continue  # its backend-config.json belongs to the project two folders up
        if any((folder / file).is_file() for file in BACKEND_FILES):
            return folder
    raise UsageError(
        f"There is no project in {start}.",
        why=f"Neither it nor a folder above it holds {' or '.join(BACKEND_FILES)}.",
        hint="Change into a project, name one with -C DIR, or start one with: accountsctl init",
    )


class FileProjects:
    """A project in a folder. `disk` is what changes files."""

    def __init__(self, root: Path, disk: Disk | None = None) -> None:
        self.root = root.resolve()
        self._disk = disk or Disk()
        if (self.root / JOURNAL_FILE).exists():
            with writing(JOURNAL_FILE), alone(self.root):
                finish_pending(self._disk, self.root)

    def environments(self) -> tuple[str, ...]:
        tree = Tree(self.root)
        names = tree.names(ENVIRONMENTS_FOLDER)
        refuse(tree.faults)
        return tuple(
            sorted(
                name.removesuffix(".json")
                for name in names
                if name.endswith(".json") and not name.startswith(".")
            )
        )

    def environment(self, name: str) -> Environment:
        tree = Tree(self.root)
        environment, _ = self._environment(tree, name)
        if environment is None:
            raise ProjectError(tree.faults)
        return environment

    def checked_out(self) -> str | None:
        tree = Tree(self.root)
        if not tree.exists(CHECKED_OUT_FILE):
            return None
        source = tree.json(CHECKED_OUT_FILE)
        hint = "Choose one: accountsctl env checkout NAME"
        if source is None or source.faults:
            raise ProjectError(Fault(each.file, each.line, each.what, hint) for each in tree.faults)
        name = source.value.get("envName") if isinstance(source.value, dict) else None
        if name is not None and not (isinstance(name, str) and ENVIRONMENT_NAME.fullmatch(name)):
            raise ProjectError(
                [source.fault(("envName",), '"envName" is not a valid name of an environment.', hint)]
            )
        return name

    def check_out(self, name: str) -> None:
        self.environment(name)
        tree = Tree(self.root)
        source = tree.json(CHECKED_OUT_FILE) if tree.exists(CHECKED_OUT_FILE) else None
        known = source.value if source is not None and not source.faults else None
        if source is not None and isinstance(known, dict):
            text = rewrite(source, {**known, "envName": name})
        else:  # nothing there, or nothing of use: this file is ours alone, and it is git-ignored
            text = new_text({"envName": name})
        self._write(CHECKED_OUT_FILE, text)

    def read(self, environment: str | None = None) -> Reading:
        tree = Tree(self.root)
        chosen = environment or self._chosen()
        backend_source = self._backend_source(tree)
        backend = self._backend(tree, backend_source)
        found, environment_source = self._environment(tree, chosen)
        if environment_source is not None and backend_source is not None and backend_source.complete:
            tree.faults += environment_config.unknown_resources(environment_source, backend)
        if found is not None and environment_source is not None:
            tree.faults += self._duplicates(found, environment_source)
        templates = read_templates(tree)
        read = {resource.id: read_source(tree, resource) for resource in backend}
        if backend_source is None or not backend_source.complete:
            stray_parameters(tree, frozenset(read))
        name = self._project_name(tree)
        if found is None or backend_source is None:
            raise ProjectError(tree.faults)
        sources = {key: source for key, source in read.items() if source is not None}
        project = Project(name, backend, found, sources, templates)
        return Reading(project, tuple(sorted(set(tree.faults))), frozenset(read.keys() - sources.keys()))

    def write_build(self, assembly: Assembly) -> Sequence[str]:
        folder = build_folder(assembly.environment.name)
        texts = {"root.json": assembly.root.text}
        texts |= {f"{child.id}.json": child.template.text for child in assembly.children}
        files = {name: text.encode("utf-8") for name, text in texts.items()}
        with writing(folder):
            write_folder(self._disk, self._target(folder), files)
        return tuple(f"{folder}/{name}" for name in texts)

    def _chosen(self) -> str:
        name = self.checked_out()
        if name is None:
            known = ", ".join(self.environments()) or "none yet"
            raise UsageError(
                "No environment is checked out.",
                why=f"{CHECKED_OUT_FILE} names none; there are: {known}.",
                hint="Choose one for good with: accountsctl env checkout NAME, or for once with -e NAME",
            )
        return name

    def _backend_source(self, tree: Tree) -> Source | None:
        file = next((each for each in BACKEND_FILES if tree.exists(each)), None)
        if file is None:
            tree.fault(BACKEND_FILES[0], "There is no such file.", "Start a project: accountsctl init")
            return None
        before = len(tree.faults)
        source = tree.json(file)
        if source is not None:
            del tree.faults[before:]  # the backend's own faults include those of its text
        return source

    def _backend(self, tree: Tree, source: Source | None) -> Backend:
        if source is None:
            return Backend((), BACKEND_FILES[0])
        backend, faults = backend_file.parse_source(source)
        tree.faults += faults
        return backend

    def _environment(self, tree: Tree, name: str) -> tuple[Environment | None, Source | None]:
        path = environment_file(name)
        if not ENVIRONMENT_NAME.fullmatch(name) or not tree.exists(path):
            known = ", ".join(self.environments())
            hint = f"Choose one of: {known}." if known else "Add it: accountsctl env add NAME"
            tree.fault(ENVIRONMENTS_FOLDER, f'There is no environment "{name}".', hint)
            return None, None
        source = tree.json(path)
        if source is None:
            return None, None
        environment, faults = environment_config.parse_source(source, name)
        tree.faults += faults
        return environment, source

    def _duplicates(self, environment: Environment, source: Source) -> Iterator[Fault]:
        """The sound environments that deploy to the same stack: each would overwrite the other."""
        for name in self.environments():
            other, _ = self._environment(Tree(self.root), name)
            if other is not None and name != environment.name and environment.same_stack(other):
                what = f'"stackName" is that of the environment {name} too, in the same region and account.'
                yield source.fault(("stackName",), what, "Give each environment a stack of its own.")

    def _project_name(self, tree: Tree) -> str:
        source = tree.json(PROJECT_FILE) if tree.exists(PROJECT_FILE) else None
        name = source.value.get("projectName") if source and isinstance(source.value, dict) else None
        if source is not None and name is not None and not (isinstance(name, str) and name):
            tree.faults.append(source.fault(("projectName",), '"projectName" must be a string.'))
        return name if isinstance(name, str) and name else self.root.name

    def _write(self, path: str, text: str) -> None:
        with writing(path):
            write_file(self._disk, self._target(path), text.encode("utf-8"))

    def _target(self, relative: str) -> Path:
        """Where to write; ProjectError where a link or ``..`` leads out of the project."""
        target = (self.root / relative).resolve()
        if not target.is_relative_to(self.root) or target == self.root:
            raise ProjectError([Fault(relative, 0, "It leads out of the project.", "Remove the link.")])
        return target


@contextlib.contextmanager
def writing(path: str) -> Iterator[None]:
    """Tell a refusal of the operating system as a fault of `path`."""
    try:
        yield
    except OSError as error:
        what = f"It cannot be written: {error.strerror or error}."
        raise ProjectError([Fault(path, 0, what, "Fix its permissions, or make room.")]) from error


def refuse(faults: Sequence[Fault]) -> None:
    if faults:
        raise ProjectError(faults)
