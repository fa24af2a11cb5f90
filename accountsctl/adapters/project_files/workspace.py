"""The project on disk for commands that change it: the adapter of `ports.projects.Workspace`.

An edit is applied completely or not at all (see `journal`), and a file keeps what the edit does not change.
"""

from __future__ import annotations

import copy
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from accountsctl.adapters.project_files.definitions import read_team_environments
from accountsctl.adapters.project_files.disk import alone, contents
from accountsctl.adapters.project_files.journal import Move, change_together, finish_pending
from accountsctl.adapters.project_files.store import FileProjects, refuse, writing
from accountsctl.adapters.project_files.tree import Tree
from accountsctl.formats.json_writer import new_text, rewrite
from accountsctl.formats.layout import BUILD_FOLDER, LOCAL_STATE, REMOVED_FOLDER, ROOTS
from accountsctl.model.edit import Change, Edit
from accountsctl.model.errors import Fault, ProjectError
from accountsctl.model.team_environment import TeamEnvironment
from accountsctl.ports.projects import Reading


class FileWorkspace(FileProjects):
    """A project in a folder whose files can be changed."""

    def apply(self, edit: Edit) -> None:
        """Make all changes of `edit`, or none (see `journal`). ProjectError if one cannot be made."""
        with (
            writing(next(iter((*edit.json, *edit.files, *edit.folders, *edit.moves)), ".")),
            alone(self.root),
        ):
            finish_pending(self._disk, self.root)
            files = {path: content for path, content in edit.files.items() if not self._holds(path, content)}
            for path, change in edit.json.items():
                text = self._edited(path, change)
                if text is not None:
                    files[path] = text.encode("utf-8")
            folders = {
                path: inner for path, inner in edit.folders.items() if not self._is_folder_of(path, inner)
            }
            moves = [
                Move(source, target) for source, target in edit.moves.items() if (self.root / source).exists()
            ]
            for path in (*files, *folders, *(move.target for move in moves if move.target)):
                self._target(path)
            if files or folders or moves:
                with writing(next(iter((*files, *folders, *edit.moves)))):
                    change_together(self._disk, self.root, files, folders, moves)

    def rehearse(self, edit: Edit, environment: str) -> Reading:
        """What `read` would give after `apply`: the edit is made in a copy, and nothing here is touched."""
        with tempfile.TemporaryDirectory(prefix="accountsctl-") as folder:
            copy_of = Path(folder) / self.root.name
            edited = (*edit.json, *edit.moves)
            for name in (*ROOTS, *(path for path in edited if path.startswith(f"{REMOVED_FOLDER}/"))):
                _copy(self.root / name, copy_of / name)
            rehearsed = FileWorkspace(copy_of)
            rehearsed.apply(edit)
            return rehearsed.read(environment)

    def team_environments(self) -> Mapping[str, TeamEnvironment]:
        """Amplify's environments by name; ProjectError if their file has faults."""
        tree = Tree(self.root)
        team = read_team_environments(tree)
        refuse(tree.faults)
        return team

    def text(self, path: str) -> str | None:
        """Return a file's text, its line ends as they are; None if there is none."""
        file = self.root / path
        return file.read_bytes().decode("utf-8") if file.is_file() else None

    def exists(self, path: str) -> bool:
        """Return whether there is a file or folder."""
        return (self.root / path).exists()

    def _edited(self, path: str, change: Change) -> str | None:
        """The file's new text; None if `change` leaves it as it is."""
        tree = Tree(self.root)
        source = tree.json(path) if tree.exists(path) else None
        if source is not None and not source.faults and not isinstance(source.value, dict):
            tree.faults.append(source.fault((), "It must be an object."))
        refuse(tree.faults)
        value = copy.deepcopy(source.value) if source is not None else {}
        change(value)
        if source is None:
            return new_text(value)
        text = rewrite(source, value)
        return None if text == source.text else text

    def _holds(self, path: str, content: bytes) -> bool:
        file = self.root / path
        return file.is_file() and file.read_bytes() == content

    def _is_folder_of(self, path: str, files: Mapping[str, bytes]) -> bool:
        """Whether the folder is there and holds exactly `files` (a killed command's); else it must be free."""
        if not (self.root / path).exists():
            return False
        if contents(self.root / path) == dict(files):
            return True
        hint = "Move it away, or choose another name."
        raise ProjectError([Fault(path, 0, "Something else is there already.", hint)])


def _copy(source: Path, target: Path) -> None:
    """Copy what a rehearsal reads: nothing that we rendered, that is installed or the embedded cloud's.

    What `amplify build` left in the folder of a resource is read, and so copied.
    """
    ours = {source.parent / path for path in (BUILD_FOLDER, LOCAL_STATE, REMOVED_FOLDER)}

    def ignored(folder: str, names: list[str]) -> set[str]:
        return {
            name for name in names if name in ("node_modules", "__pycache__") or Path(folder) / name in ours
        }

    if source.is_dir():
        shutil.copytree(source, target, ignore=ignored, symlinks=True)
    elif source.is_file():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)
