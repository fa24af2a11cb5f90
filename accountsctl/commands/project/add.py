"""`add function`, `rds`, `custom` and `dependency`: resources without editing JSON by hand (`add api`: `add_api`).

Each function makes one `Edit`: the resource's folder and its entry in the backend are written together or not at
all, and only if the project has no more faults afterwards than before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from accountsctl.commands.project.rehearse import ProjectEditor
from accountsctl.commands.project.scaffold_files import database_files, function_files
from accountsctl.formats.edits import dependency, entry, in_order, with_resource
from accountsctl.formats.json_writer import new_text
from accountsctl.formats.layout import code_folder, resource_folder
from accountsctl.model.edit import Edit
from accountsctl.model.errors import UsageError
from accountsctl.model.examples import DATABASE_OUTPUTS, Example
from accountsctl.model.names import ResourceId, parse_resource_id
from accountsctl.model.reports import EditResult
from accountsctl.synth import runtimes


@dataclass(frozen=True)
class OutputsUse:
    """The outputs of a resource that another one is to use."""

    on: ResourceId
    attributes: tuple[str, ...]


@dataclass(frozen=True)
class NewResource:
    """A resource to write: its service in the backend, its parameters, its files by path, and what it depends on."""

    id: ResourceId
    service: str
    parameters: Mapping[str, object]
    files: Mapping[str, bytes]
    depends_on: tuple[OutputsUse, ...] = ()


@dataclass(frozen=True)
class NewFunction:
    """What `add function` is to add. `dependencies` are written ``category/name:Attribute,Attribute``."""

    name: str
    runtime: str
    dependencies: tuple[str, ...] = ()
    example: Example | None = None


@dataclass(frozen=True)
class NewDatabase:
    """What `add rds` is to add. None means the default; capacities are in ACU."""

    name: str
    database: str
    username: str | None = None
    min_capacity: float | None = None
    max_capacity: float | None = None
    example: Example | None = None


def write_resource(editor: ProjectEditor, new: NewResource, *, built: bool = False) -> None:
    """Add a resource: its folder and its entry. `built` marks a function, whose code Amplify packs."""
    edges = [dependency(use.on, use.attributes) for use in new.depends_on]
    value = entry(new.service, edges, build=True) if built else entry(new.service, edges)
    contents = {"parameters.json": new_text(new.parameters).encode(), **new.files}
    backend = in_order(with_resource(new.id, value))
    editor.apply(Edit(json={editor.backend.source: backend}, folders={resource_folder(new.id): contents}))


def add_function(editor: ProjectEditor, new: NewFunction, today: date) -> EditResult:
    """Add a Lambda function with a handler, its tests, and the permissions that its dependencies need.

    `today` decides which runtimes Lambda still accepts.
    """
    refusal = runtimes.refusal(new.runtime, today)
    if refusal:
        raise UsageError(
            f"A function cannot run on {new.runtime}.",
            why=refusal,
            hint=f"Use {runtimes.replacement(new.runtime)}.",
        )
    resource = editor.new_id("function", new.name)
    uses = tuple(_outputs_use(editor, text) for text in new.dependencies)
    parameters = {"runtime": new.runtime, "handler": "index.handler", "timeout": 25, "memorySize": 512}
    files = function_files(new.runtime, new.example)
    write_resource(editor, NewResource(resource, "Lambda", parameters, files, uses), built=True)
    warning = runtimes.warning(new.runtime, today)
    return EditResult(
        f"Added {resource}.",
        (
            *([warning] if warning else []),
            f"Its code is in {code_folder(resource)}, its tests in {resource_folder(resource)}/test.",
            *(_next_of_function(editor, resource, uses, new.example) if new.example else ()),
        ),
    )


def add_rds(editor: ProjectEditor, new: NewDatabase) -> EditResult:
    """Add an Aurora PostgreSQL cluster with the Data API."""
    resource = editor.new_id("rds", new.name)
    parameters = {
        "DBUsername": "dbadmin" if new.username is None else new.username,
        "DBClusterName": new.name.lower(),
        "DatabaseName": new.database,
        "EngineVersion": "17",
        "MinCapacity": 0 if new.min_capacity is None else _integer_if_possible(new.min_capacity),
        "MaxCapacity": 2 if new.max_capacity is None else _integer_if_possible(new.max_capacity),
    }
    write_resource(editor, NewResource(resource, "RDSCluster", parameters, database_files(new.example)))
    folder = f"{resource_folder(resource)}/schema"
    if new.example:
        return EditResult(f"Added {resource}.", _next_of_database(resource, folder, new.example))
    note = f"Write its tables into {folder}/001_tables.sql; `accountsctl db init` applies them."
    return EditResult(f"Added {resource}.", (note,))


def add_custom(editor: ProjectEditor, category: str, name: str, file: str, template: bytes) -> EditResult:
    """Add a resource with its own template; `file` is the name of the template's file."""
    resource = editor.new_id(category, name)
    endings = (".json", ".yaml", ".yml")
    ending = next((ending for ending in endings if ending in file.removesuffix(".j2")), None)
    if ending is None:
        raise UsageError(
            f"{file} does not have the name of a template.",
            why="Its end decides how it is read.",
            hint="A template ends in .json, .yaml or .yml, and may add .j2.",
        )
    target = f"template{ending}{'.j2' if file.endswith('.j2') else ''}"
    write_resource(editor, NewResource(resource, "customCloudformation", {}, {target: template}))
    return EditResult(f"Added {resource} with {resource_folder(resource)}/{target}.")


def _outputs_use(editor: ProjectEditor, text: str) -> OutputsUse:
    """``category/name:Attribute,Attribute`` as a dependency; UsageError if it is not that."""
    target, _, attributes = text.partition(":")
    if parse_resource_id(target) is None:
        raise UsageError(
            f'"{text}" does not name a resource.',
            why="It has no category, or no name.",
            hint="Write category/name:Attribute, as in rds/accountsCluster:Arn.",
        )
    return OutputsUse(editor.existing(target), tuple(name for name in attributes.split(",") if name))


def _integer_if_possible(capacity: float) -> float | int:
    """`2` and not `2.0` in the file."""
    return int(capacity) if capacity == int(capacity) else capacity


def _next_of_function(
    editor: ProjectEditor, function: ResourceId, uses: Iterable[OutputsUse], example: Example
) -> tuple[str, ...]:
    """What the function of an example still needs: a database that it may query, and an API that calls it."""
    api = f"Then: accountsctl add api NAME --example {example.name} --function {function.name}"
    if any(use.on.category == "rds" and set(DATABASE_OUTPUTS) <= set(use.attributes) for use in uses):
        return (api,)
    databases = [resource.id for resource in editor.backend if resource.id.category == "rds"]
    first = [] if databases else [f"accountsctl add rds NAME --example {example.name}"]
    target = databases[0] if len(databases) == 1 else "rds/NAME"
    last = f"accountsctl add dependency {function} {target} {' '.join(DATABASE_OUTPUTS)}"
    return (f"It needs a database: {', then '.join([*first, last])}", api)


def _next_of_database(database: ResourceId, schema: str, example: Example) -> tuple[str, ...]:
    outputs = f"{database}:{','.join(DATABASE_OUTPUTS)}"
    return (
        f"Its tables are in {schema}; once it is pushed, `accountsctl db init` applies them.",
        f"Then: accountsctl add function NAME --example {example.name} --depends-on {outputs}",
    )
