"""`add api`: a REST API, or more paths of one."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import click

from accountsctl.bootstrap import Application
from accountsctl.cli import answers
from accountsctl.cli.add import EXAMPLE, NAME, ask_name, ask_runtime
from accountsctl.cli.completion import functions
from accountsctl.cli.options import grouped, on_environment, prompt_choice, prompt_for, read_file
from accountsctl.commands.project.add import NewFunction
from accountsctl.commands.project.add_api import (
    AUTHORIZATIONS,
    ApiPath,
    NewPaths,
    add_api,
    add_api_with_function,
)
from accountsctl.model.errors import UsageError
from accountsctl.model.examples import EXAMPLES, Example
from accountsctl.model.http_methods import CALLABLE
from accountsctl.model.reports import EditResult
from accountsctl.ui.screen import Screen

DEFAULT_METHODS = "get,post,put,delete"
NO_POOL = (
    "The project has no user pool yet: for cognito, type `accountsctl import auth` first (Ctrl-C ends this)."
)
NEW_FUNCTION = "(new function)"
"""The choice of a function that this command adds, too."""


@dataclass(frozen=True)
class ApiOptions:
    """What the command line states; None and empty mean that an option was not given."""

    name: str | None
    paths: tuple[str, ...]
    function: str | None
    methods: str | None
    auth: str | None
    method_auth: tuple[str, ...]
    models: tuple[str, ...]
    origins: tuple[str, ...]
    example: str | None


@click.command()
@NAME
@click.option("--path", "paths", multiple=True, metavar="/PATH", help="A path of the API; can be repeated.")
@click.option(
    "--function", metavar="NAME", help="The function that handles the requests.", shell_complete=functions
)
@click.option("--methods", metavar="LIST", help=f"The methods of each path [{DEFAULT_METHODS}].")
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
@grouped(ApiOptions)
def api(app: Application, screen: Screen, options: ApiOptions) -> EditResult:
    """Add a REST API for signed-in users, or add paths to an API that exists already.

    Unless you pass --auth, only signed-in Cognito users may call the methods. OPTIONS is open to everyone, and
    every response has CORS headers. An example has its own paths and methods.

    \b
    Examples:
      accountsctl add api shopAPI --path /items --function shop
      accountsctl add api accountsAPI --function accountsAPI --example accounts
    """
    options = replace(options, name=options.name or ask_name())
    example = EXAMPLES[options.example] if options.example else None
    known = [resource.id.name for resource in app.editor.backend if resource.id.category == "function"]
    if not options.function:
        if not example and not options.auth and not _has_pool(app):
            screen.say(NO_POOL)
        options = _asked(options, known, example)
    new = _new_function(options, example) if options.function == NEW_FUNCTION else None
    options = replace(options, function=new.name) if new else options
    paths = _example_paths(options, example) if example else _stated_paths(options)
    added = NewPaths(str(options.name), paths, options.auth, options.origins, example)
    if new:
        return add_api_with_function(app.editor, added, new, date.today())
    return add_api(app.editor, added)


def _has_pool(app: Application) -> bool:
    return any(resource.id.category == "auth" for resource in app.editor.backend)


def _new_function(options: ApiOptions, example: Example | None) -> NewFunction:
    name = prompt_for("Which name has the new function?", "--function", answers.NAME, default=options.name)
    return NewFunction(name, ask_runtime(), example=example)


def _asked(options: ApiOptions, known: Sequence[str], example: Example | None) -> ApiOptions:
    """The options with what is asked at a terminal if no function was named; with an example, the function alone."""
    if example:
        return replace(options, function=_function(known))
    paths = _paths(options)
    function = _function(known)
    methods = options.methods or prompt_for(
        "Which methods?", "--methods", answers.METHOD_LIST, default=DEFAULT_METHODS
    )
    auth = options.auth or prompt_choice(
        "Who may call them?", "--auth", list(AUTHORIZATIONS), default=next(iter(AUTHORIZATIONS))
    )
    return replace(options, paths=paths, function=function, methods=methods, auth=auth)


def _paths(options: ApiOptions) -> tuple[str, ...]:
    return options.paths or (
        prompt_for("Which path?", "--path", answers.PATH_OF_API, default=f"/{options.name}"),
    )


def _stated_paths(options: ApiOptions) -> tuple[ApiPath, ...]:
    paths = _paths(options)
    function = str(options.function)
    authorizations = {_method(key): _authorization(value) for key, value in map(_pair, options.method_auth)}
    schemas = {_method(key): _schema(value) for key, value in map(_pair, options.models)}
    texts = (options.methods or DEFAULT_METHODS).split(",")
    methods = tuple(_method(text) for text in texts if text.strip())
    return tuple(ApiPath(path, function, methods, authorizations, schemas) for path in paths)


def _example_paths(options: ApiOptions, example: Example) -> tuple[ApiPath, ...]:
    given = {
        "--path": options.paths,
        "--methods": options.methods,
        "--method-auth": options.method_auth,
        "--model": options.models,
    }
    flags = [flag for flag, value in given.items() if value]
    if flags:
        raise UsageError(
            f"--example and {' and '.join(flags)} do not go together.",
            why="An example brings its own paths, each with its methods.",
            hint="Add more paths with a second command, or edit the API's parameters.json.",
        )
    function = str(options.function)
    return tuple(ApiPath(path, function, methods) for path, methods in example.paths.items())


def _function(known: Sequence[str]) -> str:
    if not sys.stdin.isatty():
        return prompt_for("Which function handles the requests?", "--function", answers.NAME)
    default = None if known else NEW_FUNCTION
    return prompt_choice(
        "Which function handles the requests?", "--function", [*known, NEW_FUNCTION], default=default
    )


def _pair(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals:
        raise UsageError(
            f'"{text}" is not of the form METHOD=VALUE.',
            why="The value holds for one method of the path.",
            hint="Write, for example, get=none.",
        )
    return key, value


def _method(text: str) -> str:
    method = text.strip().upper()
    if method not in CALLABLE:
        raise UsageError(
            f'"{text}" is not a method.',
            why="It takes the methods that a page calls; OPTIONS is added for the preflight.",
            hint=f"Choose from {', '.join(CALLABLE).lower()}.",
        )
    return method


def _authorization(text: str) -> str:
    if text not in AUTHORIZATIONS:
        raise UsageError(
            f'"{text}" is not an authorization.',
            why="It says who may call the method.",
            hint=f"Choose from {', '.join(AUTHORIZATIONS)}.",
        )
    return text


def _schema(file: str) -> object:
    try:
        return json.loads(read_file(Path(file)))
    except ValueError as error:
        raise UsageError(
            f"{file} is not a JSON schema.", why=str(error), hint="A model is a JSON schema."
        ) from error
