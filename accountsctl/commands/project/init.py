"""`init`: a project in an empty folder, with one environment and nothing that a push does not need."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from accountsctl.commands.project.rehearse import Edited
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
from accountsctl.model.errors import UsageError
from accountsctl.ports.projects import Workspace

PROJECT_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,39}")
BEGIN, END = "# accountsctl: begin", "# accountsctl: end"


@dataclass(frozen=True)
class Start:
    """What `init` was told. `folder` is the folder's name, from which the project gets its own."""

    folder: str
    name: str | None
    cloud: str
    region: str
    environment: str = "dev"


def start(workspace: Workspace, asked: Start) -> Edited:
    """Write the project's first files, as one change; UsageError where there is a project already."""
    if any(workspace.exists(file) for file in BACKEND_FILES):
        raise UsageError(
            "There is a project here already.",
            why=f"This folder holds {BACKEND_FILE}; nothing was changed.",
            hint="Look at it with: accountsctl status",
        )
    name = asked.name or re.sub(r"[^A-Za-z0-9-]", "", asked.folder).strip("-")
    if not PROJECT_NAME.fullmatch(name):
        raise UsageError(
            f'"{name}" is not a valid name for a project.',
            why="It begins the names of stacks.",
            hint="Name it: accountsctl init NAME (letters, digits and -, a letter first, 40 at most).",
        )
    stack = f"{name.lower()}-{asked.environment}"
    settings = {
        "cloud": asked.cloud,
        "region": asked.region,
        "stackName": stack,
        "parameters": {},
        "imported": {},
    }
    _judge(settings, asked.environment)
    files = {
        BACKEND_FILE: _json({}),
        PROJECT_FILE: _json({"projectName": name, "version": "3.1"}),
        CHECKED_OUT_FILE: _json({"envName": asked.environment}),
        environment_file(asked.environment): _json(settings),
        ".gitignore": ignoring(workspace.text(".gitignore") or "").encode(),
    }
    workspace.apply(Edit(files=files))
    where = "the embedded cloud" if asked.cloud == "local" else f"AWS, {asked.region}"
    what = f"Started the project {name}; its environment {asked.environment} is checked out ({where})."
    return Edited(what, ("Next: accountsctl import auth, accountsctl add function, accountsctl add api.",))


def _judge(settings: dict[str, Any], environment: str) -> None:
    """UsageError where the environment's file would be at fault: what `init` writes must be read again."""
    source = read(new_text(settings), environment_file(environment))
    _, faults = parse_source(source, environment)
    if faults:
        raise UsageError(
            "This is not a valid environment; nothing was changed.",
            why=" ".join(each.what for each in faults),
            hint="Look at the flags: accountsctl init --help",
        )


def ignoring(text: str) -> str:
    """A .gitignore with our lines between markers; what else it says stays."""
    block = "\n".join((BEGIN, *IGNORED, END)) + "\n"
    if BEGIN in text and END in text:
        before, _, rest = text.partition(BEGIN)
        return before + block + rest.partition(END)[2].removeprefix("\n")
    return text + ("" if not text or text.endswith("\n") else "\n") + block


def _json(value: dict[str, Any]) -> bytes:
    return new_text(value).encode()
