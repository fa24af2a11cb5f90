"""`add trigger` and `remove trigger`: what calls a function."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import click

from accountsctl.bootstrap import Application
from accountsctl.cli.completion import functions, resources
from accountsctl.cli.options import grouped, on_environment
from accountsctl.commands.functions.choose import chosen_function
from accountsctl.commands.functions.triggers import StatedTrigger, TriggersOf
from accountsctl.model.errors import UsageError
from accountsctl.model.reports import EditResult
from accountsctl.synth.trigger_inputs import TriggerSource
from accountsctl.ui.screen import Screen

Command = Callable[..., object]
HELP = {
    TriggerSource.SCHEDULE: "When: rate(1 hour), rate(5 minutes) or cron(0 8 * * ? *), in UTC.",
    TriggerSource.QUEUE: "A resource with an SQS queue.",
    TriggerSource.TABLE: "A resource with a DynamoDB table that has a stream.",
    TriggerSource.TOPIC: "A resource with an SNS topic.",
    TriggerSource.BUCKET: "A resource with an S3 bucket.",
}


@dataclass(frozen=True)
class TriggerOptions:
    """What the command line states; None means that an option was not given."""

    name: str
    schedule: str | None
    queue: str | None
    table: str | None
    topic: str | None
    bucket: str | None
    events: tuple[str, ...] = ()


def _sources(command: Command) -> Command:
    for source in reversed(TriggerSource):
        is_schedule = source is TriggerSource.SCHEDULE
        command = click.option(
            f"--{source}",
            metavar="EXPRESSION" if is_schedule else "RESOURCE[:OUTPUT]",
            help=HELP[source],
            shell_complete=None if is_schedule else resources,
        )(command)
    return click.argument("name", metavar="FUNCTION", shell_complete=functions)(command)


@click.command("trigger")
@_sources
@click.option(
    "--event",
    "events",
    multiple=True,
    metavar="EVENT",
    help="With --bucket: which event; can be repeated [s3:ObjectCreated:*].",
)
@on_environment
@grouped(TriggerOptions)
def add_trigger(app: Application, _screen: Screen, options: TriggerOptions) -> EditResult:
    """Let a schedule, queue, table, topic or bucket call a function.

    The function gets the rights that this needs. :OUTPUT names the output of the queue, table, topic or bucket that is
    meant, where the resource has several.

    \b
    Examples:
      accountsctl add trigger cleanup --schedule "rate(1 hour)"
      accountsctl add trigger mailer --queue queues/outbox
      accountsctl add trigger thumbnails --bucket storage/uploads --event s3:ObjectCreated:Put
    """
    if options.events and options.bucket is None:
        raise UsageError(
            "--event works with --bucket only.",
            why="Only a bucket reports several kinds of events.",
            hint="Leave it out, or name a bucket.",
        )
    return _triggers(app, options).add(_stated(options))


@click.command("trigger")
@_sources
@on_environment
@grouped(TriggerOptions)
def remove_trigger(app: Application, _screen: Screen, options: TriggerOptions) -> EditResult:
    """Let a schedule, queue, table, topic or bucket no longer call a function.

    \b
    Examples:
      accountsctl remove trigger cleanup --schedule "rate(1 hour)"
      accountsctl remove trigger mailer --queue queues/outbox
    """
    return _triggers(app, options).remove(_stated(options))


def _triggers(app: Application, options: TriggerOptions) -> TriggersOf:
    return TriggersOf(app.editor, chosen_function(app.editor, options.name, "its name"))


def _stated(options: TriggerOptions) -> StatedTrigger:
    values = {source: getattr(options, source.value) for source in TriggerSource}
    given = [source for source, value in values.items() if value is not None]
    if len(given) != 1:
        flags = ", ".join(f"--{source}" for source in TriggerSource)
        raise UsageError(
            f"State one of {flags}.",
            why="A trigger has exactly one source."
            if given
            else "The command does not say what calls the function.",
            hint='For example: --schedule "rate(1 hour)"',
        )
    return StatedTrigger(given[0], values[given[0]], options.events)
