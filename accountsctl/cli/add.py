"""`add`: resources and dependencies, by flags alone or at a prompt."""

from __future__ import annotations

import json
from datetime import date
from importlib import resources as package
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import click

from accountsctl.bootstrap import Application
from accountsctl.cli import LazyGroup
from accountsctl.cli.completion import attributes, functions, resources
from accountsctl.cli.options import answered, on_environment, show_edit
from accountsctl.commands.project.add import AUTHORIZATIONS, Adding, ApiPath
from accountsctl.model.errors import UsageError
from accountsctl.model.examples import EXAMPLES, Example
from accountsctl.ui.screen import Screen

METHODS = ("get", "post", "put", "patch", "delete", "head")
USUAL = "get,post,put,delete"
EXAMPLE = click.option("--example", type=click.Choice(list(EXAMPLES)), help="Start from a complete example.")


@click.group(
    cls=LazyGroup,
    table={
        "api": ("add", "api", "Add a REST API, or more paths to one."),
        "function": ("add", "function", "Add a Lambda function."),
        "rds": ("add", "rds", "Add an Aurora PostgreSQL cluster with the Data API."),
        "custom": ("add", "custom", "Add a resource with its own CloudFormation template."),
        "dependency": ("add", "dependency", "Let one resource use the outputs of another."),
    },
)
def add() -> None:
    """Add a resource or a dependency to the backend."""


def _adding(app: Application) -> Adding:
    return Adding(app.projects, app.environment.name, date.today())


@click.command()
@click.argument("name")
@click.option("--path", "paths", multiple=True, metavar="/PATH", help="A path of the API; can be repeated.")
@click.option(
    "--function", metavar="NAME", help="The function that handles the requests.", shell_complete=functions
)
@click.option("--methods", metavar="LIST", help=f"The methods of each path [{USUAL}].")
@click.option(
    "--auth",
    type=click.Choice(list(AUTHORIZATIONS)),
    help="Who may call the new paths [a new API: cognito; otherwise as the API's other paths].",
)
@click.option(
    "--method-auth", multiple=True, metavar="METHOD=AUTH", help="A different authorization for one method."
)
@click.option(
    "--model",
    "models",
    multiple=True,
    metavar="METHOD=FILE",
    help="A JSON schema for the request body of a method.",
)
@click.option(
    "--allow-origin",
    "origins",
    multiple=True,
    metavar="URL",
    help="An origin whose pages may call the API [any].",
)
@EXAMPLE
@on_environment
def api(
    app: Application,
    screen: Screen,
    name: str,
    paths: tuple[str, ...],
    function: str | None,
    methods: str | None,
    auth: str | None,
    method_auth: tuple[str, ...],
    models: tuple[str, ...],
    origins: tuple[str, ...],
    example: str | None,
) -> None:
    """Add a REST API for signed-in users, or add paths to an API that exists already.

    Unless you pass --auth, only signed-in Cognito users may call the methods. OPTIONS is open to everyone, and
    every response has CORS headers. An example has its own paths and methods.

    \b
    Examples:
      accountsctl add api shopAPI --path /items --function shop
      accountsctl add api accountsAPI --function accountsAPI --example accounts
    """
    if example:
        own = {"--path": paths, "--methods": methods, "--method-auth": method_auth, "--model": models}
        _refuse_beside_example([flag for flag, value in own.items() if value])
        called = _function(function)
        made = [ApiPath(path, called, verbs) for path, verbs in EXAMPLES[example].paths.items()]
    else:
        wanted = paths or (str(answered("Which path?", "--path", default=f"/{name}")),)
        called = _function(function)
        kinds = {_method(key): _kind(value) for key, value in map(_pair, method_auth)}
        schemas = {_method(key): _schema(value) for key, value in map(_pair, models)}
        verbs = tuple(_method(each) for each in (methods or USUAL).split(",") if each.strip())
        made = [ApiPath(path, called, verbs, kinds, schemas) for path in wanted]
    show_edit(screen, _adding(app).api(name, made, auth, origins, _example(example)))


@click.command()
@click.argument("name")
@click.option("--runtime", metavar="RUNTIME", help="A Lambda runtime, for example python3.14 or nodejs24.x.")
@click.option(
    "--depends-on",
    "needs",
    multiple=True,
    metavar="RESOURCE:ATTR,ATTR",
    help="Outputs of another resource that the function uses.",
)
@EXAMPLE
@on_environment
def function(
    app: Application,
    screen: Screen,
    name: str,
    runtime: str | None,
    needs: tuple[str, ...],
    example: str | None,
) -> None:
    """Add a Lambda function: a handler with CORS headers on every path, and its tests.

    The function gets only the permissions that its dependencies need, and their outputs as environment variables.

    \b
    Examples:
      accountsctl add function shop --runtime python3.14
      accountsctl add function shop --depends-on rds/shopDb:Arn,SecretArn
    """
    chosen = runtime or str(answered("Which runtime?", "--runtime", default="python3.14"))
    language = "nodejs" if chosen.startswith("nodejs") else "python"
    files = _scaffold(f"{example}-{language}" if example else language)
    show_edit(screen, _adding(app).function(name, chosen, needs, files, _example(example)))


@click.command()
@click.argument("name")
@click.option("--database", metavar="NAME", help="The name of the database in the cluster.")
@click.option("--username", metavar="NAME", help="The master user; RDS manages the password.")
@click.option(
    "--min-capacity",
    type=float,
    metavar="ACU",
    help="The minimum capacity; with 0 the idle database pauses [0].",
)
@click.option("--max-capacity", type=float, metavar="ACU", help="The maximum capacity [2].")
@EXAMPLE
@on_environment
def rds(
    app: Application,
    screen: Screen,
    name: str,
    database: str | None,
    username: str | None,
    min_capacity: float | None,
    max_capacity: float | None,
    example: str | None,
) -> None:
    """Add an Aurora PostgreSQL cluster (Serverless v2) with the RDS Data API.

    \b
    Example:
      accountsctl add rds shopDb --database shop
    """
    chosen = database or str(answered("Which database?", "--database", default=name))
    capacities = {"MinCapacity": _number(min_capacity), "MaxCapacity": _number(max_capacity)}
    schema = _scaffold(f"{example}-rds") if example else {}
    made = _adding(app).rds(name, chosen, schema, _example(example), DBUsername=username, **capacities)
    show_edit(screen, made)


@click.command()
@click.argument("category")
@click.argument("name")
@click.option(
    "--template",
    required=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The CloudFormation template.",
)
@on_environment
def custom(app: Application, screen: Screen, category: str, name: str, template: Path) -> None:
    """Add a resource with its own CloudFormation template, in JSON or YAML, optionally with Jinja.

    \b
    Example:
      accountsctl add custom storage uploads --template uploads.yaml
    """
    show_edit(screen, _adding(app).custom(category, name, template.name, _read(template)))


@click.command()
@click.argument("consumer", metavar="FROM", shell_complete=resources)
@click.argument("on", metavar="TO", shell_complete=resources)
@click.argument("outputs", metavar="ATTR...", nargs=-1, shell_complete=attributes)
@on_environment
def dependency(app: Application, screen: Screen, consumer: str, on: str, outputs: tuple[str, ...]) -> None:
    """Let the resource FROM use the outputs ATTR... of the resource TO.

    Each output becomes the parameter CATEGORYNAMEATTR of FROM's template.

    \b
    Example:
      accountsctl add dependency function/accountsAPI rds/accountsCluster Arn SecretArn
    """
    show_edit(screen, _adding(app).dependency(consumer, on, outputs))


def _function(given: str | None) -> str:
    return given or str(answered("Which function handles the requests?", "--function"))


def _example(name: str | None) -> Example | None:
    return EXAMPLES[name] if name else None


def _refuse_beside_example(flags: list[str]) -> None:
    if flags:
        raise UsageError(
            f"--example and {' and '.join(flags)} do not go together.",
            why="An example brings its own paths, each with its methods.",
            hint="Add more paths with a second command, or edit the API's parameters.json.",
        )


def _pair(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals:
        raise UsageError(f'"{text}" is not of the form METHOD=VALUE.', hint="Write, for example, get=none.")
    return key, value


def _method(text: str) -> str:
    if text.strip().lower() not in METHODS:
        raise UsageError(f'"{text}" is not a method.', hint=f"Choose from {', '.join(METHODS)}.")
    return text.strip().upper()


def _kind(text: str) -> str:
    if text not in AUTHORIZATIONS:
        raise UsageError(
            f'"{text}" is not an authorization.', hint=f"Choose from {', '.join(AUTHORIZATIONS)}."
        )
    return text


def _schema(file: str) -> Any:
    try:
        return json.loads(_read(Path(file)))
    except ValueError as error:
        raise UsageError(
            f"{file} is not a JSON schema.", why=str(error), hint="A model is a JSON schema."
        ) from error


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise UsageError(
            f"{file} cannot be read.", why=str(error), hint="Name a file that is there."
        ) from error


def _number(value: float | None) -> float | int | None:
    return int(value) if value is not None and value == int(value) else value


def _scaffold(name: str) -> dict[str, bytes]:
    """All files of a scaffold, by their path below a resource's folder."""
    return _files(package.files("accountsctl.commands.project").joinpath("scaffold", name), "")


def _files(folder: Traversable, below: str) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for each in folder.iterdir():
        if each.is_dir() and each.name != "__pycache__":
            found |= _files(each, f"{below}{each.name}/")
        elif each.is_file():
            found[f"{below}{each.name}"] = each.read_bytes()
    return found
