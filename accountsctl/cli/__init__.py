"""The command line: parse, one workflow, one rendering, exit code.

The table below is all that is loaded to print the help: a command's module is imported when it is called.
"""

from __future__ import annotations

import importlib

import click

from accountsctl import __version__

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class LazyGroup(click.Group):
    """A group whose commands are named in a table: name -> (module, attribute, one-line help)."""

    def __init__(self, *args: object, table: dict[str, tuple[str, str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.table = table

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the table's order, which is the order of a day's work."""
        return list(self.table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command's module."""
        if cmd_name not in self.table:
            return None
        module, attribute, _ = self.table[cmd_name]
        command = getattr(importlib.import_module(f"accountsctl.cli.{module}"), attribute)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The help of all commands, from the table alone."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, row[2]) for name, row in self.table.items()])


@click.group(
    cls=LazyGroup,
    context_settings=CONTEXT,
    table={
        "init": ("project", "init", "Start a project in this folder."),
        "import": ("project", "import_", "Link what someone else's stack owns: a user pool."),
        "add": ("add", "add", "Add an API, a function, a database, a custom resource, a dependency."),
        "remove": ("project", "remove", "Take a resource out of the backend."),
        "status": ("stacks", "status", "What there is, and what a push would change."),
        "render": (
            "stacks",
            "render",
            "Write the CloudFormation templates to amplify/build.",
        ),
        "push": ("stacks", "push", "Preview the changes, agree, deploy, follow."),
        "outputs": ("stacks", "outputs", "What the deployed stacks put out: URLs, ids, ARNs."),
        "export": ("export", "export", "What a front end needs, for Amplify.configure and others."),
        "recover": ("delete", "recover", "Take a rollback that got stuck to its end."),
        "delete": ("delete", "delete", "Delete an environment's stacks."),
        "env": ("env", "env", "Environments: add, list, get, checkout, remove."),
        "db": ("db", "db", "Create the tables and query them, through the RDS Data API."),
        "auth": ("users", "auth", "Sign in as a user of the imported pool."),
        "call": ("users", "call", "Call the API as a signed-in client would."),
        "ui": ("ui", "ui", "The accounts tree in a browser."),
        "doctor": ("doctor", "doctor", 'What is wrong; doctor cors: why a browser says "CORS error".'),
        "local": ("local", "local", "The embedded cloud: start, stop, status, reset, logs."),
        "completion": ("completion", "completion", "The completion script of a shell."),
    },
)
@click.version_option(__version__, "--version", message="accountsctl %(version)s")
def cli() -> None:
    """The Amplify Gen 1 custom-resource workflow: the same push on a laptop and on AWS."""


def main() -> None:
    """Run the command line and exit with its code."""
    from accountsctl.cli.boundary import run

    raise SystemExit(run(cli))
