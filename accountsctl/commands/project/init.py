"""`init`: start a project in a folder, with one environment and only the files that a push needs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from accountsctl.commands.project.take_over import take_over
from accountsctl.formats.environment_config import parse_source
from accountsctl.formats.json_reader import read
from accountsctl.formats.json_writer import new_text
from accountsctl.formats.layout import (
    BACKEND_FILE,
    BACKEND_FILES,
    CHECKED_OUT_FILE,
    IGNORED,
    PROJECT_FILE,
    environment_file,
)
from accountsctl.model.edit import Edit
from accountsctl.model.environment import Cloud
from accountsctl.model.errors import UsageError
from accountsctl.model.names import NAMINGS
from accountsctl.model.reports import EditResult
from accountsctl.ports.projects import Workspace

PROJECT_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,39}")
BEGIN, END = "# accountsctl: begin", "# accountsctl: end"


@dataclass(frozen=True)
class NewProject:
    """What `init` is to write. `folder` is the folder's name: the project's name if `name` is None."""

    folder: str
    name: str | None
    cloud: str
    region: str
    environment: str = "dev"


def start(workspace: Workspace, new: NewProject) -> EditResult:
    """Write the project's first files, as one change; UsageError if there is a project with an environment.

    In a project without an environment, such as one that Amplify made, only the environments are written.
    """
    existing = any(workspace.exists(file) for file in BACKEND_FILES)
    if existing and workspace.environments():
        raise UsageError(
            "There is a project here already.",
            why=f"This folder holds {BACKEND_FILE} and environments; nothing was changed.",
            hint="Show it with: accountsctl status",
        )
    name = _project_name(new)
    stack = f"{name.lower()}-{new.environment}"
    settings = {
        "cloud": new.cloud,
        "region": new.region,
        "stackName": stack,
        "naming": NAMINGS[-1],
        "parameters": {},
        "imported": {},
    }
    gitignore = ignoring(workspace.text(".gitignore") or "").encode()
    if existing:
        return take_over(workspace, settings, gitignore)
    _check_environment(settings, new.environment)
    files = {
        BACKEND_FILE: _json({}),
        PROJECT_FILE: _json({"projectName": name, "version": "3.1"}),
        CHECKED_OUT_FILE: _json({"envName": new.environment}),
        environment_file(new.environment): _json(settings),
        ".gitignore": gitignore,
    }
    workspace.apply(Edit(files=files))
    where = "the embedded cloud" if new.cloud == Cloud.LOCAL else f"AWS, {new.region}"
    what = f"Started the project {name}; its environment {new.environment} is checked out ({where})."
    return EditResult(
        what, ("Next: accountsctl import auth, accountsctl add function, accountsctl add api.",)
    )


def _project_name(new: NewProject) -> str:
    """The project's name, as given or from its folder; UsageError if it is not valid."""
    name = new.name or re.sub(r"[^A-Za-z0-9-]", "", new.folder).strip("-")
    if not PROJECT_NAME.fullmatch(name):
        raise UsageError(
            f'"{name}" is not a valid name for a project.',
            why="It begins the names of stacks.",
            hint="Name it: accountsctl init NAME (letters, digits and -, a letter first, 40 at most).",
        )
    return name


def _check_environment(settings: Mapping[str, object], environment: str) -> None:
    """UsageError if the environment's file would have faults: the next command has to read what `init` writes."""
    source = read(new_text(settings), environment_file(environment))
    _, faults = parse_source(source, environment)
    if faults:
        raise UsageError(
            "This is not a valid environment; nothing was changed.",
            why=" ".join(fault.what for fault in faults),
            hint="See the options: accountsctl init --help",
        )


def ignoring(text: str) -> str:
    """The text of a .gitignore with our lines between markers; its other lines stay."""
    block = "\n".join((BEGIN, *IGNORED, END)) + "\n"
    if BEGIN in text and END in text:
        before, _, rest = text.partition(BEGIN)
        return before + block + rest.partition(END)[2].removeprefix("\n")
    return text + ("" if not text or text.endswith("\n") else "\n") + block


def _json(value: Mapping[str, object]) -> bytes:
    return new_text(value).encode()
