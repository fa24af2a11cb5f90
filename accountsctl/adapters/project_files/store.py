"""The project on disk: the adapter of `ports.Projects`.

Reading does not stop at the first fault: every file that can be read is read, and the faults of all of them are
returned together. What a project means is decided in `model`; this module only knows where its parts are.
Every write is atomic (see `disk`) and keeps the members that this tool does not know.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from accountsctl.adapters.project_files.adopted import read_adoption
from accountsctl.adapters.project_files.amplify_files import read_amplify_files
from accountsctl.adapters.project_files.definitions import (
    environment_names,
    parse_backend,
    read_backend_source,
    read_environment,
    read_project_name,
    same_stack_faults,
    with_team_values,
)
from accountsctl.adapters.project_files.disk import Disk, alone, write_file, write_folder
from accountsctl.adapters.project_files.journal import finish_pending
from accountsctl.adapters.project_files.resources import (
    read_source,
    read_templates,
    stray_parameters,
)
from accountsctl.adapters.project_files.tree import Tree
from accountsctl.formats import environment_config
from accountsctl.formats.json_writer import new_text, rewrite
from accountsctl.formats.layout import (
    BACKEND_FILES,
    CHECKED_OUT_FILE,
    JOURNAL_FILE,
    build_folder,
)
from accountsctl.model.assembly import Assembly
from accountsctl.model.environment import Environment
from accountsctl.model.errors import Fault, ProjectError, UsageError
from accountsctl.model.names import ENVIRONMENT_NAME
from accountsctl.model.project import Project
from accountsctl.ports.projects import Reading


def find_root(start: Path) -> Path:
    """The project that `start` is in: the nearest folder upwards that has a backend-config.json.

    UsageError if there is none.
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
        return environment_names(self.root)

    def environment(self, name: str) -> Environment:
        tree = Tree(self.root)
        environment, _ = read_environment(tree, name)
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
            raise ProjectError(Fault(fault.file, fault.line, fault.what, hint) for fault in tree.faults)
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
        content = source.value if source is not None and not source.faults else None
        if source is not None and isinstance(content, dict):
            text = rewrite(source, {**content, "envName": name})
        else:  # nothing there, or nothing of use: only this tool writes the file, and it is git-ignored
            text = new_text({"envName": name})
        self._write(CHECKED_OUT_FILE, text)

    def read(self, environment: str | None = None) -> Reading:
        tree = Tree(self.root)
        chosen = environment or self._chosen()
        backend_source = read_backend_source(tree)
        backend = parse_backend(tree, backend_source)
        chosen_environment, environment_source = read_environment(tree, chosen)
        if environment_source is not None and backend_source is not None and backend_source.complete:
            tree.faults += environment_config.unknown_resources(environment_source, backend)
        if chosen_environment is not None and environment_source is not None:
            tree.faults += same_stack_faults(self.root, chosen_environment, environment_source)
            chosen_environment = with_team_values(tree, chosen_environment)
        templates = read_templates(tree)
        source_or_none = {resource.id: read_source(tree, resource) for resource in backend}
        if backend_source is None or not backend_source.complete:
            stray_parameters(tree, frozenset(source_or_none))
        name = read_project_name(tree)
        if chosen_environment is None or backend_source is None:
            raise ProjectError(tree.faults)
        sources = {key: source for key, source in source_or_none.items() if source is not None}
        adoption = read_adoption(tree, chosen_environment)
        further = read_amplify_files(tree)
        project = Project(
            name, backend, chosen_environment, sources, templates, adoption, tree.texts, further
        )
        unsound = frozenset(source_or_none.keys() - sources.keys())
        return Reading(project, tuple(sorted(set(tree.faults))), unsound)

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
            names = ", ".join(self.environments()) or "none yet"
            raise UsageError(
                "No environment is checked out.",
                why=f"{CHECKED_OUT_FILE} names none; there are: {names}.",
                hint="Choose one for good with: accountsctl env checkout NAME, or for once with -e NAME",
            )
        return name

    def _write(self, path: str, text: str) -> None:
        with writing(path):
            write_file(self._disk, self._target(path), text.encode("utf-8"))

    def _target(self, relative: str) -> Path:
        """Where to write; ProjectError if a link or ``..`` leads out of the project."""
        target = (self.root / relative).resolve()
        if not target.is_relative_to(self.root) or target == self.root:
            raise ProjectError([Fault(relative, 0, "It leads out of the project.", "Remove the link.")])
        return target


@contextlib.contextmanager
def writing(path: str) -> Iterator[None]:
    """Report an error of the operating system as a fault of `path`."""
    try:
        yield
    except OSError as error:
        what = f"It cannot be written: {error.strerror or error}."
        raise ProjectError([Fault(path, 0, what, "Fix its permissions, or make room.")]) from error


def refuse(faults: Sequence[Fault]) -> None:
    if faults:
        raise ProjectError(faults)
