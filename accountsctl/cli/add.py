"""`add`: resources and dependencies, by flags alone or at a prompt."""

from __future__ import annotations

import json
from datetime import date
from importlib import resources as package
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import click

from accountsctl.bootstrap import Wiring
from accountsctl.cli import LazyGroup
from accountsctl.cli.completion import attributes, functions, resources
from accountsctl.cli.options import answered, on_environment, show_edit
from accountsctl.commands.project.add import AUTHORIZATIONS, Adding, ApiPath
from accountsctl.model.errors import UsageError
from accountsctl.model.examples import EXAMPLES, Example
from accountsctl.ui.screen import Screen

METHODS = ("get", "post", "put", "patch", "delete", "head")
USUAL = "get,post,put,delete"
EXAMPLE = click.option(
    "--example", type=click.Choice(list(EXAMPLES)), help="Begin with a whole one of its parts."
)


@click.group(
    cls=LazyGroup,
    table={
        "api": ("add", "api", "A REST API, or more paths of one."),
        "function": ("add", "function", "A Lambda function."),
        "rds": ("add", "rds", "An Aurora PostgreSQL cluster with the Data API."),
        "custom": ("add", "custom", "A resource that brings its own CloudFormation template."),
        "dependency": ("add", "dependency", "Let one resource use another's outputs."),
    },
)
def add() -> None:
    """Add a resource or a dependency to the backend."""


def _adding(wiring: Wiring) -> Adding:
    return Adding(wiring.projects, wiring.environment.name, date.today())


@click.command()
@click.argument("name")
@click.option("--path", "paths", multiple=True, metavar="/PATH", help="A path; may be given again.")
@click.option("--function", metavar="NAME", help="The function that answers.", shell_complete=functions)
@click.option("--methods", metavar="LIST", help=f"[{USUAL}]")
@click.option(
    "--auth",
    type=click.Choice(list(AUTHORIZATIONS)),
    help="Who may call what is added [a new API: cognito; else the API's own].",
)
@click.option(
    "--method-auth", multiple=True, metavar="METHOD=AUTH", help="Another authorization for one method."
)
@click.option(
    "--model", "models", multiple=True, metavar="METHOD=FILE", help="A JSON schema for its request body."
)
@click.option(
    "--allow-origin", "origins", multiple=True, metavar="URL", help="An origin that may call it [any]."
)
@EXAMPLE
@on_environment
def api(
    wiring: Wiring,
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
    """Add a REST API for signed-in users, or more paths to one that is there.

    Each method gets its own CloudFormation resource and, unless --auth says otherwise, a Cognito authorizer;
    OPTIONS never does, and CORS headers stand on every answer. An example brings its paths and their methods.
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
    show_edit(screen, _adding(wiring).api(name, made, auth, origins, _example(example)))


@click.command()
@click.argument("name")
@click.option(
    "--runtime", metavar="RUNTIME", help="python3.14 or nodejs24.x, or another that Lambda supports."
)
@click.option("--depends-on", "needs", multiple=True, metavar="RESOURCE:ATTR,ATTR", help="What it uses.")
@EXAMPLE
@on_environment
def function(
    wiring: Wiring,
    screen: Screen,
    name: str,
    runtime: str | None,
    needs: tuple[str, ...],
    example: str | None,
) -> None:
    """Add a Lambda function: a handler with CORS headers on every path, and its tests.

    It gets the rights that its dependencies need and no more, and their outputs as environment variables.
    """
    chosen = runtime or str(answered("Which runtime?", "--runtime", default="python3.14"))
    language = "nodejs" if chosen.startswith("nodejs") else "python"
    files = _scaffold(f"{example}-{language}" if example else language)
    show_edit(screen, _adding(wiring).function(name, chosen, needs, files, _example(example)))


@click.command()
@click.argument("name")
@click.option("--database", metavar="NAME", help="The database in the cluster.")
@click.option("--username", metavar="NAME", help="The master user; RDS keeps its password.")
@click.option("--min-capacity", type=float, metavar="ACU", help="0 lets it sleep when nobody asks [0].")
@click.option("--max-capacity", type=float, metavar="ACU", help="[2]")
@EXAMPLE
@on_environment
def rds(
    wiring: Wiring,
    screen: Screen,
    name: str,
    database: str | None,
    username: str | None,
    min_capacity: float | None,
    max_capacity: float | None,
    example: str | None,
) -> None:
    """Add an Aurora PostgreSQL cluster, Serverless v2, reached through the RDS Data API."""
    chosen = database or str(answered("Which database?", "--database", default=name))
    capacities = {"MinCapacity": _number(min_capacity), "MaxCapacity": _number(max_capacity)}
    schema = _scaffold(f"{example}-rds") if example else {}
    made = _adding(wiring).rds(name, chosen, schema, _example(example), DBUsername=username, **capacities)
    show_edit(screen, made)


@click.command()
@click.argument("category")
@click.argument("name")
@click.option("--template", required=True, type=click.Path(path_type=Path), metavar="FILE")
@on_environment
def custom(wiring: Wiring, screen: Screen, category: str, name: str, template: Path) -> None:
    """Add a resource that brings its own CloudFormation template, JSON or YAML, with or without Jinja."""
    show_edit(screen, _adding(wiring).custom(category, name, template.name, _read(template)))


@click.command()
@click.argument("consumer", metavar="FROM", shell_complete=resources)
@click.argument("on", metavar="TO", shell_complete=resources)
@click.argument("outputs", metavar="ATTR...", nargs=-1, shell_complete=attributes)
@on_environment
def dependency(wiring: Wiring, screen: Screen, consumer: str, on: str, outputs: tuple[str, ...]) -> None:
    """Let FROM depend on TO and get its outputs ATTR..., each as the parameter CATEGORYNAMEATTR.

    accountsctl add dependency function/accountsAPI rds/accountsCluster Arn SecretArn
    """
    show_edit(screen, _adding(wiring).dependency(consumer, on, outputs))


def _function(given: str | None) -> str:
    return given or str(answered("Which function answers?", "--function"))


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
        raise UsageError(f'"{text}" is no method.', hint=f"Choose from {', '.join(METHODS)}.")
    return text.strip().upper()


def _kind(text: str) -> str:
    if text not in AUTHORIZATIONS:
        raise UsageError(f'"{text}" is no authorization.', hint=f"Choose from {', '.join(AUTHORIZATIONS)}.")
    return text


def _schema(file: str) -> Any:
    try:
        return json.loads(_read(Path(file)))
    except ValueError as error:
        raise UsageError(
            f"{file} is no JSON schema.", why=str(error), hint="A model is a JSON schema."
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
