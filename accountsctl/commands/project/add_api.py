"""`add api`: a new REST API, or more paths of an existing one, as one `Edit` of its parameters and dependencies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from accountsctl.commands.project.add import (
    NewFunction,
    NewResource,
    OutputsUse,
    add_function,
    write_resource,
)
from accountsctl.commands.project.rehearse import ProjectEditor
from accountsctl.formats.edits import dependency, with_dependencies
from accountsctl.formats.frontend.cors import EVERY_ORIGIN
from accountsctl.formats.layout import parameters_file
from accountsctl.model.api_gateway import AuthorizationType
from accountsctl.model.edit import Change, Edit
from accountsctl.model.errors import UsageError
from accountsctl.model.examples import Example
from accountsctl.model.names import ResourceId
from accountsctl.model.project import Project
from accountsctl.model.reports import EditResult

AUTHORIZATIONS = {
    "cognito": AuthorizationType.COGNITO,
    "iam": AuthorizationType.IAM,
    "none": AuthorizationType.NONE,
}
"""What a user types, and API Gateway's AuthorizationType for it."""
POOL_OUTPUTS = ("UserPoolArn", "AppClientIDWeb")
FUNCTION_OUTPUTS = ("Name", "Arn")


@dataclass(frozen=True)
class ApiPath:
    """A path to add. `methods` are in capitals; the values of `method_authorization` are keys of AUTHORIZATIONS;
    `models` are JSON schemas of request bodies, by method."""

    path: str
    function: str
    methods: tuple[str, ...]
    method_authorization: Mapping[str, str] = field(default_factory=dict)
    models: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class NewPaths:
    """What `add api` is to add to the API called `api`.

    `authorization` is a key of AUTHORIZATIONS, for what is added here; None is the API's own, and "cognito" for a
    new API. No `origins` means: as the API has them; a new API allows every origin.
    """

    api: str
    paths: tuple[ApiPath, ...]
    authorization: str | None = None
    origins: tuple[str, ...] = ()
    example: Example | None = None


def add_api(editor: ProjectEditor, new: NewPaths) -> EditResult:
    """Add a REST API, or more paths to one that exists already."""
    resource = ResourceId("api", new.api)
    exists = editor.backend.get(resource) is not None
    functions = dict.fromkeys(path.function for path in new.paths)
    kinds = _kinds(editor, new)
    uses = [OutputsUse(_function(editor, name), FUNCTION_OUTPUTS) for name in functions]
    uses += _pool_uses(editor, kinds)
    change = _write_paths(new, is_new=not exists)
    notes = (*_open_note(kinds), *(_next_of_api(new.example) if new.example else ()))
    if not exists:
        resource = editor.new_id("api", new.api)
        parameters: dict[str, Any] = {}
        change(parameters)
        write_resource(editor, NewResource(resource, "API Gateway", parameters, {}, tuple(uses)))
        return EditResult(f"Added {resource}.", notes)
    edges = with_dependencies(resource, [dependency(use.on, use.attributes) for use in uses])
    editor.apply(Edit(json={parameters_file(resource): change, editor.backend.source: edges}))
    return EditResult(f"Added {', '.join(path.path for path in new.paths)} to {resource}.", notes)


def add_api_with_function(
    editor: ProjectEditor, new: NewPaths, function: NewFunction, today: date
) -> EditResult:
    """The same, and before it the function that handles the requests."""
    _pool_uses(editor, _kinds(editor, new))  # a pool that is missing is found before anything is added
    added = add_function(editor, function, today)
    after = replace(editor, reading=editor.workspace.read(editor.project.environment.name))
    result = add_api(after, new)
    return replace(result, notes=(added.summary, *added.notes, *result.notes))


def _kinds(editor: ProjectEditor, new: NewPaths) -> set[str]:
    resource = ResourceId("api", new.api)
    return _authorizations(new.paths, new.authorization or _authorization_of(editor.project, resource))


def _pool_uses(editor: ProjectEditor, kinds: set[str]) -> list[OutputsUse]:
    return [OutputsUse(_pool(editor), POOL_OUTPUTS)] if "cognito" in kinds else []


def _function(editor: ProjectEditor, name: str) -> ResourceId:
    return editor.existing(f"function/{name.removeprefix('function/')}")


def _pool(editor: ProjectEditor) -> ResourceId:
    """The auth resource whose users may call the API."""
    pools = [resource.id for resource in editor.backend if resource.id.category == "auth"]
    if len(pools) == 1:
        return pools[0]
    if pools:
        raise UsageError(
            "It is not clear whose users may call the API.",
            why=f"The backend has {', '.join(map(str, pools))}.",
            hint="Add the API with --auth none, then: accountsctl add dependency api/NAME auth/POOL UserPoolArn",
        )
    raise UsageError(
        "An API for signed-in users needs a user pool, and the backend has none.",
        why="Its authorizer checks the tokens of one.",
        hint="Import one first (accountsctl import auth), or pass --auth none.",
    )


def _authorization_of(project: Project, api: ResourceId) -> str:
    """The authorization of an API's methods that state none of their own: a key of AUTHORIZATIONS."""
    source = project.sources.get(api)
    stated = source.parameters.get("authorization") if source else None
    return next((key for key, value in AUTHORIZATIONS.items() if value == stated), "cognito")


def _authorizations(paths: Iterable[ApiPath], default: str) -> set[str]:
    """Every authorization that the methods of `paths` have.

    UsageError if an option names a method that is not added.
    """
    kinds = set()
    for path in paths:
        for verb in path.method_authorization.keys() | path.models.keys():
            if verb not in path.methods:
                raise UsageError(
                    f"An option is about {verb}, but {path.path} does not get that method.",
                    why=f"Its methods are {', '.join(path.methods) or 'none'}.",
                    hint=f"Add it: --methods {','.join([*path.methods, verb]).lower()}",
                )
        kinds |= {path.method_authorization.get(verb, default) for verb in path.methods}
    return kinds


def _write_paths(new: NewPaths, *, is_new: bool) -> Change:
    """Write paths into an API's parameters.

    `authorization` becomes that of a new API as a whole; in an existing API only the added paths get it.
    """
    authorization = AUTHORIZATIONS[new.authorization] if new.authorization else None

    def change(parameters: dict[str, Any]) -> None:
        table = parameters.setdefault("paths", {})
        for path in new.paths:
            if path.path in table:
                raise UsageError(
                    f"The API has the path {path.path} already.",
                    why="A path has one function for each method.",
                    hint="Edit its parameters.json.",
                )
            table[path.path] = {
                "function": path.function.removeprefix("function/"),
                "methods": _methods(path),
                **({"authorization": authorization} if authorization and not is_new else {}),
            }
        if is_new:
            parameters["authorization"] = authorization or AUTHORIZATIONS["cognito"]
        if new.origins or is_new:
            parameters.setdefault("cors", {})["allowOrigins"] = list(new.origins) or [EVERY_ORIGIN]

    return change


def _methods(path: ApiPath) -> list[str] | dict[str, dict[str, object]]:
    """A plain list of verbs, or a table if one of them has settings of its own."""
    settings = {verb: _method_settings(path, verb) for verb in path.methods}
    return settings if any(settings.values()) else list(path.methods)


def _method_settings(path: ApiPath, verb: str) -> dict[str, object]:
    authorization, model = path.method_authorization.get(verb), path.models.get(verb)
    return {
        **({"authorization": AUTHORIZATIONS[authorization]} if authorization else {}),
        **({"model": model} if model is not None else {}),
    }


def _open_note(kinds: set[str]) -> tuple[str, ...]:
    return ("Anyone may call its open methods: they need no token.",) if "none" in kinds else ()


def _next_of_api(example: Example) -> tuple[str, ...]:
    return (f"Then: accountsctl push, accountsctl db init, accountsctl call GET {example.first_path}",)
