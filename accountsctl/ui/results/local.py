"""The results of `local`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from accountsctl.ui.rendering import JsonObject, to_json, to_text
from accountsctl.ui.results.local_clouds import after_words
from accountsctl.ui.screen import Screen


@dataclass(frozen=True)
class LocalStatus:
    """``{running, endpoint, pid, dataDir, services, contents, idleStop, trusted}``.

    A service's state is a word or a mapping.
    """

    state: Mapping[str, Any]


@to_text.register
def status_text(result: LocalStatus, screen: Screen) -> None:
    """A line for each value, and one for each service."""
    state = result.state
    screen.line(f"running   {'yes' if state['running'] else 'no'}")
    for key in ("endpoint", "pid", "dataDir"):
        screen.line(f"{key:<9} {state.get(key) or '-'}")
    if state["running"]:
        screen.line(f"idle stop {after_words(state['idleStop'])}")
    for line in contents_lines(state.get("contents", {})):
        screen.line(line)
    services = dict(state.get("services", {}))
    for database in services.pop("found", []):
        screen.line(found_line(database))
    if not services.get("delays"):
        services.pop("delays", None)
    for name, service in services.items():
        screen.line(f"{name:<16} {service if isinstance(service, str) else _service_words(service)}")


def found_line(database: Mapping[str, str]) -> str:
    """What becomes of a database that was found on disk and that no cluster has."""
    name, region, id_ = database["identifier"], database["region"], database["resourceId"]
    if not name:
        return f"found the rows of an unknown cluster in postgres/{id_}; its name is not known"
    return f"found the rows of {name} ({region}): the next cluster of this name takes them over"


def contents_lines(contents: Mapping[str, Any]) -> Iterator[str]:
    """One line for each kind of thing that a reset deletes."""
    if contents.get("stacks"):
        yield f"Stacks, with their functions and users: {', '.join(contents['stacks'])}."
    if contents.get("databases"):
        databases = (
            f"{database['identifier']} ({database['bytes'] / 1e6:.0f} MB)"
            for database in contents["databases"]
        )
        yield f"Databases, with all rows: {', '.join(databases)}."
    if contents.get("snapshots"):
        yield f"Final snapshots of deleted databases: {', '.join(contents['snapshots'])}."


def _service_words(state: object) -> str:
    """A service's state as words on one line: what it runs, each with its process."""
    if not isinstance(state, dict):
        return str(state)
    parts = [f"{name} {_process_words(process)}" for name, process in state.items()]
    return ", ".join(parts) or "idle"


def _process_words(state: object) -> str:
    if not isinstance(state, dict):
        return str(state)
    return f"running (pid {state['pid']})" if state.get("running") else "stopped"


@to_json.register
def status_json(result: LocalStatus) -> JsonObject:
    """The same keys."""
    return dict(result.state)


@dataclass(frozen=True)
class LocalStarted:
    """The embedded cloud runs; `state` is its status."""

    endpoint: str
    state: Mapping[str, object]


@to_text.register
def started_text(result: LocalStarted, screen: Screen) -> None:
    """The endpoint, for a script."""
    screen.line(result.endpoint)


@to_json.register
def started_json(result: LocalStarted) -> JsonObject:
    """Its status."""
    return dict(result.state)


@dataclass(frozen=True)
class LocalStopped:
    """`stopped` is False if it did not run. `folders` are those of all clouds that were stopped, if all were meant."""

    stopped: bool
    folders: tuple[str, ...] | None = None


@to_text.register
def stopped_text(result: LocalStopped, screen: Screen) -> None:
    """Whether it ran, or which ones were stopped."""
    if result.folders is None:
        screen.say("Stopped." if result.stopped else "It was not running.")
        return
    for folder in result.folders:
        screen.say(f"Stopped {folder}.")
    if not result.folders:
        screen.say("None was running.")


@to_json.register
def stopped_json(result: LocalStopped) -> JsonObject:
    """Whether it ran."""
    every = {} if result.folders is None else {"dataDirs": list(result.folders)}
    return {"stopped": result.stopped, **every}


@dataclass(frozen=True)
class LocalReset:
    """The embedded cloud is stopped. `lost` is what was deleted, as `contents` of its status.

    If the databases were kept, nothing was: the state was moved to the folder `aside`, None if there was no state.
    `trusted`: what was kept bears this user's mark, so that it may be opened.
    """

    lost: Mapping[str, Any]
    kept_databases: bool = False
    aside: str | None = None
    trusted: bool = True


@to_text.register
def reset_text(result: LocalReset, screen: Screen) -> None:
    """What there is now."""
    if not result.kept_databases:
        screen.say("The embedded cloud is empty again.")
    elif result.aside:
        again = "Push again" if result.trusted else "Push again after `accountsctl local trust`"
        screen.say(f"The state is in {result.aside}. {again}: new clusters take over the rows.")
    else:
        screen.say("There is no state.")
    if not result.trusted:
        screen.say(
            "The databases were not created here by this user, so they may run code. If you know where they come from:"
            " accountsctl local trust"
        )


@to_json.register
def reset_json(result: LocalReset) -> JsonObject:
    """``{reset, lost, aside}``."""
    return {"reset": True, "lost": dict(result.lost), "aside": result.aside}


@dataclass(frozen=True)
class LocalVariables:
    """The environment variables by which other AWS tools call the embedded cloud."""

    variables: Mapping[str, str]


@to_text.register
def variables_text(result: LocalVariables, screen: Screen) -> None:
    """Lines for a shell's `eval`."""
    for name, value in result.variables.items():
        screen.line(f"export {name}={value}")


@to_json.register
def variables_json(result: LocalVariables) -> JsonObject:
    """The variables by name."""
    return dict(result.variables)


@dataclass(frozen=True)
class LocalTrusted:
    """`trusted` is False if there is no folder yet."""

    trusted: bool


@to_text.register
def trusted_text(result: LocalTrusted, screen: Screen) -> None:
    """Whether there is a folder."""
    screen.say("The folder is marked as yours." if result.trusted else "There is no folder yet.")


@to_json.register
def trusted_json(result: LocalTrusted) -> JsonObject:
    """Whether there is a folder."""
    return {"trusted": result.trusted}


@dataclass(frozen=True)
class DatabasesPaused:
    """The names of the clusters that are paused, and how many seconds they take to resume after the next call."""

    clusters: tuple[str, ...]
    seconds: float


@to_text.register
def paused_text(result: DatabasesPaused, screen: Screen) -> None:
    """The clusters, if there are any."""
    names = ", ".join(result.clusters)
    screen.say(
        f"Asleep: {names}; {result.seconds:g} s after the next call."
        if result.clusters
        else "There is no database."
    )


@to_json.register
def paused_json(result: DatabasesPaused) -> JsonObject:
    """The clusters."""
    return {"asleep": list(result.clusters)}


@dataclass(frozen=True)
class CloudDelays:
    """Resource type -> seconds that its creation and its deletion take."""

    seconds: Mapping[str, float]


@to_text.register
def delays_text(result: CloudDelays, screen: Screen) -> None:
    """A line for each type."""
    for name, length in sorted(result.seconds.items()):
        screen.line(f"{name}  {length:g} s")
    if not result.seconds:
        screen.say("Everything is created at once.")


@to_json.register
def delays_json(result: CloudDelays) -> JsonObject:
    """``{delays: {type: seconds}}``."""
    return {"delays": dict(result.seconds)}


@dataclass(frozen=True)
class LogFile:
    """A log file's path, and its last lines."""

    path: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class LogFiles:
    """The log files of the embedded cloud."""

    files: tuple[LogFile, ...]


@to_text.register
def logs_text(result: LogFiles, screen: Screen) -> None:
    """The end of each file below its path."""
    for file in result.files:
        screen.line(f"==> {file.path}")
        for line in file.lines:
            screen.line(line)


@to_json.register
def logs_json(result: LogFiles) -> JsonObject:
    """``{files: [{path, lines}]}``."""
    return {"files": [{"path": file.path, "lines": list(file.lines)} for file in result.files]}
