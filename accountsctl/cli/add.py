"""`add`: resources and dependencies, by options alone or at a prompt. `add api` is in `add_api`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import click

from accountsctl.bootstrap import Application
from accountsctl.cli import LazyGroup, answers
from accountsctl.cli.completion import attributes, resources, runtimes_
from accountsctl.cli.numbers import Number
from accountsctl.cli.options import grouped, on_environment, prompt_choice, prompt_for, read_file
from accountsctl.commands.project.add import (
    NewDatabase,
    NewFunction,
    add_custom,
    add_function,
    add_rds,
)
from accountsctl.commands.project.dependencies import add_dependency
from accountsctl.model.examples import EXAMPLES
from accountsctl.model.reports import EditResult
from accountsctl.synth import runtimes
from accountsctl.ui.screen import Screen

NAME = click.argument("name", required=False)
EXAMPLE = click.option("--example", type=click.Choice(list(EXAMPLES)), help="Start from a complete example.")


def ask_name() -> str:
    """The name of the new resource."""
    return prompt_for("Which name?", "NAME", answers.NAME)


def ask_runtime() -> str:
    """The runtime of a new function."""
    return prompt_choice(
        "Which runtime?", "--runtime", runtimes.supported(date.today()), default=runtimes.DEFAULT
    )


@click.group(
    cls=LazyGroup,
    table={
        "api": ("add_api", "api", "Add a REST API, or more paths to one."),
        "function": ("add", "function", "Add a Lambda function."),
        "rds": ("add", "rds", "Add an Aurora PostgreSQL cluster with the Data API."),
        "custom": ("add", "custom", "Add a resource with its own CloudFormation template."),
        "dependency": ("add", "dependency", "Let one resource use the outputs of another."),
        "trigger": (
            "trigger",
            "add_trigger",
            "Let a schedule, queue, table, topic or bucket call a function.",
        ),
    },
)
def add() -> None:
    """Add a resource or a dependency to the backend.

    \b
    Examples:
      accountsctl add function shop --runtime python3.14
      accountsctl add api shopAPI --path /items --function shop
    """


@click.command()
@NAME
@click.option(
    "--runtime",
    metavar="RUNTIME",
    help="A Lambda runtime, for example python3.14 or nodejs24.x.",
    shell_complete=runtimes_,
)
@click.option(
    "--depends-on",
    "dependencies",
    multiple=True,
    metavar="RESOURCE:ATTR,ATTR",
    help="Outputs of another resource that the function uses.",
)
@EXAMPLE
@on_environment
def function(
    app: Application,
    _screen: Screen,
    name: str | None,
    runtime: str | None,
    dependencies: tuple[str, ...],
    example: str | None,
) -> EditResult:
    """Add a Lambda function: a handler with CORS headers on every path, and its tests.

    The function gets only the permissions that its dependencies need, and their outputs as environment variables.

    \b
    Examples:
      accountsctl add function shop --runtime python3.14
      accountsctl add function shop --depends-on rds/shopDb:Arn,SecretArn
    """
    named = name or ask_name()
    new = NewFunction(named, runtime or ask_runtime(), dependencies, EXAMPLES[example] if example else None)
    return add_function(app.editor, new, date.today())


@dataclass(frozen=True)
class RdsOptions:
    """What the command line states; None means that an option was not given."""

    name: str | None
    database: str | None
    username: str | None
    min_capacity: float | None
    max_capacity: float | None
    example: str | None


@click.command()
@NAME
@click.option("--database", metavar="NAME", help="The name of the database in the cluster.")
@click.option("--username", metavar="NAME", help="The master user; RDS manages the password.")
@click.option(
    "--min-capacity",
    type=Number(),
    metavar="ACU",
    help="The minimum capacity; with 0 the idle database pauses [0].",
)
@click.option("--max-capacity", type=Number(), metavar="ACU", help="The maximum capacity [2].")
@EXAMPLE
@on_environment
@grouped(RdsOptions)
def rds(app: Application, _screen: Screen, options: RdsOptions) -> EditResult:
    """Add an Aurora PostgreSQL cluster (Serverless v2) with the RDS Data API.

    \b
    Example:
      accountsctl add rds shopDb --database shop
    """
    name = options.name or ask_name()
    database = options.database or prompt_for("Which database?", "--database", answers.NAME, default=name)
    new = NewDatabase(
        name,
        database,
        options.username,
        options.min_capacity,
        options.max_capacity,
        EXAMPLES[options.example] if options.example else None,
    )
    return add_rds(app.editor, new)


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
def custom(app: Application, _screen: Screen, category: str, name: str, template: Path) -> EditResult:
    """Add a resource with its own CloudFormation template, in JSON or YAML, optionally with Jinja.

    \b
    Example:
      accountsctl add custom storage uploads --template uploads.yaml
    """
    return add_custom(app.editor, category, name, template.name, read_file(template))


@click.command()
@click.argument("consumer", metavar="FROM", shell_complete=resources)
@click.argument("on", metavar="TO", shell_complete=resources)
@click.argument("outputs", metavar="ATTR...", nargs=-1, shell_complete=attributes)
@on_environment
def dependency(
    app: Application, _screen: Screen, consumer: str, on: str, outputs: tuple[str, ...]
) -> EditResult:
    """Let the resource FROM use the outputs ATTR... of the resource TO.

    Each output becomes the parameter CATEGORYNAMEATTR of FROM's template. A function also gets the rights that using
    TO needs, and no more; if you name no output, it gets those by which it can use TO.

    \b
    Examples:
      accountsctl add dependency function/accountsAPI rds/accountsCluster Arn SecretArn
      accountsctl add dependency function/mailer queues/outbox
    """
    return add_dependency(app.editor, consumer, on, outputs)
