"""`add`: resources and dependencies, without editing JSON by hand.

Each function makes one `Edit`: the resource's folder and its entry in the backend come together or not at all,
and only if the project is as sound afterwards as it was before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from accountsctl.commands.project.rehearse import Edited, existing, make, new_id
from accountsctl.formats.edits import (
    dependency,
    entry,
    in_order,
    with_dependencies,
    with_resource,
)
from accountsctl.formats.json_writer import new_text
from accountsctl.formats.layout import code_folder, parameters_file, resource_folder
from accountsctl.model.edit import Change, Edit
from accountsctl.model.errors import UsageError
from accountsctl.model.examples import DATABASE_OUTPUTS, Example
from accountsctl.model.names import ResourceId, parse_resource_id
from accountsctl.model.project import Project
from accountsctl.ports.projects import Workspace
from accountsctl.synth import runtimes

AUTHORIZATIONS = {"cognito": "COGNITO_USER_POOLS", "iam": "AWS_IAM", "none": "NONE"}
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
    models: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Adding:
    """Adds to the project, judged in `environment`. `today` decides which runtimes are fit."""

    workspace: Workspace
    environment: str
    today: date

    def function(
        self,
        name: str,
        runtime: str,
        needs: Iterable[str],
        scaffold: Mapping[str, bytes],
        example: Example | None = None,
    ) -> Edited:
        """A Lambda function with a handler, its tests, and the rights that its dependencies need.

        `scaffold` are its files, by their path below its folder; those of `example`, where there is one.
        """
        refusal = runtimes.refusal(runtime, self.today)
        if refusal:
            raise UsageError(refusal, hint=f"Use {runtimes.replacement(runtime)}.")
        resource = new_id(self.workspace, self.environment, "function", name)
        edges = [self._edge(text) for text in needs]
        parameters = {"runtime": runtime, "handler": "index.handler", "timeout": 25, "memorySize": 512}
        self._add(resource, entry("Lambda", edges, build=True), parameters, scaffold)
        warning = runtimes.warning(runtime, self.today)
        notes = [
            f"Its code is in {code_folder(resource)}, its tests in {resource_folder(resource)}/test.",
            *(self._next_of_function(resource, edges, example) if example else []),
        ]
        return Edited(f"Added {resource}.", (*([warning] if warning else []), *notes))

    def rds(
        self,
        name: str,
        database: str,
        schema: Mapping[str, bytes],
        example: Example | None = None,
        **parameters: Any,
    ) -> Edited:
        """An Aurora PostgreSQL cluster with the Data API; `parameters` beyond the names override the defaults.

        `schema` are the files of `example`, by their path below the resource's folder; else there are none.
        """
        resource = new_id(self.workspace, self.environment, "rds", name)
        values = {
            "DBUsername": "dbadmin",
            "DBClusterName": name.lower(),
            "DatabaseName": database,
            "EngineVersion": "17",
            "MinCapacity": 0,
            "MaxCapacity": 2,
            **{key: value for key, value in parameters.items() if value is not None},
        }
        self._add(resource, entry("RDSCluster"), values, schema)
        folder = f"{resource_folder(resource)}/schema"
        notes = (f"Write its tables into {folder}/001_tables.sql; `accountsctl db init` applies them.",)
        return Edited(
            f"Added {resource}.", _next_of_database(resource, folder, example) if example else notes
        )

    def custom(self, category: str, name: str, file: str, template: bytes) -> Edited:
        """A resource that brings its own template."""
        resource = new_id(self.workspace, self.environment, category, name)
        suffix = next((each for each in (".json", ".yaml", ".yml") if each in file.removesuffix(".j2")), None)
        if suffix is None:
            raise UsageError(
                f"{file} does not have the name of a template.",
                hint="A template ends in .json, .yaml or .yml, and may add .j2.",
            )
        target = f"template{suffix}{'.j2' if file.endswith('.j2') else ''}"
        self._add(resource, entry("customCloudformation"), {}, {target: template})
        return Edited(f"Added {resource} with {resource_folder(resource)}/{target}.")

    def dependency(self, consumer: str, on: str, attributes: Iterable[str]) -> Edited:
        """Let one resource depend on another, and ask for its outputs."""
        resource = existing(self.workspace, self.environment, consumer)
        target = existing(self.workspace, self.environment, on)
        wanted = tuple(attributes)
        edit = Edit(json={self._backend: with_dependencies(resource, [dependency(target, wanted)])})
        make(self.workspace, edit, self.environment)
        asked = f" and gets its {', '.join(wanted)}" if wanted else ""
        return Edited(f"{resource} depends on {target}{asked}.")

    def api(
        self,
        name: str,
        paths: Iterable[ApiPath],
        authorization: str | None,
        origins: Iterable[str],
        example: Example | None = None,
    ) -> Edited:
        """A REST API, or more paths of one that is there.

        `authorization` is a key of AUTHORIZATIONS, for what is added here; None is the API's own, of a new API
        "cognito".
        """
        wanted = tuple(paths)
        resource = ResourceId("api", name)
        project = self.workspace.read(self.environment).project
        known = project.backend.get(resource)
        functions = dict.fromkeys(each.function for each in wanted)
        edges = [dependency(self._function(each), FUNCTION_OUTPUTS) for each in functions]
        kinds = _kinds(wanted, authorization or _own_authorization(project, resource))
        edges += [dependency(self._pool(), POOL_OUTPUTS)] if "cognito" in kinds else []
        change = _with_paths(wanted, authorization, tuple(origins), new=known is None)
        notes = (*_open_note(kinds), *(_next_of_api(example) if example else ()))
        if known is not None:
            files = {parameters_file(resource): change, self._backend: with_dependencies(resource, edges)}
            make(self.workspace, Edit(json=files), self.environment)
            added = ", ".join(each.path for each in wanted)
            return Edited(f"Added {added} to {resource}.", notes)
        new_id(self.workspace, self.environment, "api", name)
        parameters: dict[str, Any] = {}
        change(parameters)
        self._add(resource, entry("API Gateway", edges), parameters, {})
        return Edited(f"Added {resource}.", notes)

    @property
    def _backend(self) -> str:
        return self.workspace.read(self.environment).project.backend.source

    def _add(
        self,
        resource: ResourceId,
        value: Mapping[str, Any],
        parameters: Mapping[str, Any],
        files: Mapping[str, bytes],
    ) -> None:
        contents = {"parameters.json": _json(parameters), **files}
        backend: Change = in_order(with_resource(resource, value))
        edit = Edit(json={self._backend: backend}, folders={resource_folder(resource): contents})
        make(self.workspace, edit, self.environment)

    def _next_of_function(
        self, function: ResourceId, edges: Iterable[Mapping[str, Any]], example: Example
    ) -> list[str]:
        """What the function of an example waits for: a database that it may ask, and an API that leads to it."""
        api = f"Then: accountsctl add api NAME --example {example.name} --function {function.name}"
        if any(_is_database(edge) for edge in edges):
            return [api]
        backend = self.workspace.read(self.environment).project.backend
        known = [each.id for each in backend if each.id.category == "rds"]
        first = [] if known else [f"accountsctl add rds NAME --example {example.name}"]
        target = known[0] if len(known) == 1 else "rds/NAME"
        last = f"accountsctl add dependency {function} {target} {' '.join(DATABASE_OUTPUTS)}"
        return [f"It needs a database: {', then '.join([*first, last])}", api]

    def _edge(self, text: str) -> dict[str, Any]:
        """``category/name:Attribute,Attribute`` as a dependsOn."""
        target, _, attributes = text.partition(":")
        if parse_resource_id(target) is None:
            raise UsageError(
                f'"{text}" names no resource.',
                hint="Write category/name:Attribute, as in rds/accountsCluster:Arn.",
            )
        on = existing(self.workspace, self.environment, target)
        return dependency(on, [each for each in attributes.split(",") if each])

    def _function(self, name: str) -> ResourceId:
        return existing(self.workspace, self.environment, f"function/{name.removeprefix('function/')}")

    def _pool(self) -> ResourceId:
        """The auth resource whose users the API is for."""
        backend = self.workspace.read(self.environment).project.backend
        pools = [each.id for each in backend if each.id.category == "auth"]
        if len(pools) == 1:
            return pools[0]
        names = ", ".join(str(each) for each in pools)
        if pools:
            raise UsageError(
                "It is not clear whose users the API is for.",
                why=f"The backend has {names}.",
                hint="Add the API with --auth none, then: accountsctl add dependency api/NAME auth/POOL UserPoolArn",
            )
        raise UsageError(
            "An API for signed-in users needs a user pool, and the backend has none.",
            hint="Import one first (accountsctl import auth), or say --auth none.",
        )


def _is_database(edge: Mapping[str, Any]) -> bool:
    return edge["category"] == "rds" and set(DATABASE_OUTPUTS) <= set(edge["attributes"])


def _next_of_database(database: ResourceId, schema: str, example: Example) -> tuple[str, ...]:
    needs = f"{database}:{','.join(DATABASE_OUTPUTS)}"
    return (
        f"Its tables are in {schema}; once it is pushed, `accountsctl db init` applies them.",
        f"Then: accountsctl add function NAME --example {example.name} --depends-on {needs}",
    )


def _next_of_api(example: Example) -> tuple[str, ...]:
    return (f"Then: accountsctl push, accountsctl db init, accountsctl call GET {example.first_path}",)


def _own_authorization(project: Project, resource: ResourceId) -> str:
    """How an API authorizes where its paths do not say: a key of AUTHORIZATIONS."""
    source = project.sources.get(resource)
    own = source.parameters.get("authorization") if source else None
    return next((key for key, value in AUTHORIZATIONS.items() if value == own), "cognito")


def _kinds(paths: Iterable[ApiPath], default: str) -> set[str]:
    """Every way in which the methods of `paths` authorize; UsageError where one that is not added is spoken of."""
    kinds = set()
    for path in paths:
        for verb in path.method_authorization.keys() | path.models.keys():
            if verb not in path.methods:
                raise UsageError(
                    f"{verb} is given something of its own, and {path.path} has no {verb}.",
                    why=f"Its methods are {', '.join(path.methods) or 'none'}.",
                    hint=f"Add it: --methods {','.join([*path.methods, verb]).lower()}",
                )
        kinds |= {path.method_authorization.get(verb, default) for verb in path.methods}
    return kinds


def _with_paths(
    paths: Iterable[ApiPath], authorization: str | None, origins: tuple[str, ...], *, new: bool
) -> Change:
    """Write paths into an API's parameters.

    A new API gets `authorization` as its own; in one that is there, only the paths that come get it.
    """

    def change(parameters: dict[str, Any]) -> None:
        table = parameters.setdefault("paths", {})
        for each in paths:
            if each.path in table:
                raise UsageError(
                    f"The API has the path {each.path} already.", hint="Edit its parameters.json."
                )
            table[each.path] = {
                "function": each.function.removeprefix("function/"),
                "methods": _methods(each),
                **({"authorization": AUTHORIZATIONS[authorization]} if authorization and not new else {}),
            }
        if new:
            parameters["authorization"] = AUTHORIZATIONS[authorization or "cognito"]
        if origins or new:
            parameters.setdefault("cors", {})["allowOrigins"] = list(origins) or ["*"]

    return change


def _methods(path: ApiPath) -> Any:
    """A plain list of verbs, or a table where a verb has something of its own."""
    own = {verb: _own(path, verb) for verb in path.methods}
    return own if any(own.values()) else list(path.methods)


def _own(path: ApiPath, verb: str) -> dict[str, Any]:
    kind, model = path.method_authorization.get(verb), path.models.get(verb)
    return {
        **({"authorization": AUTHORIZATIONS[kind]} if kind else {}),
        **({"model": model} if model is not None else {}),
    }


def _open_note(kinds: set[str]) -> tuple[str, ...]:
    return ("Anyone may call its open methods: they ask for no token.",) if "none" in kinds else ()


def _json(value: Mapping[str, Any]) -> bytes:
    return new_text(value).encode()
