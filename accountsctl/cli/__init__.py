"""The command line: parse, run one command, show its result, exit with its code.

The table below is all that is loaded to print the help (see `groups`).
"""

from __future__ import annotations

import click

from accountsctl import __version__
from accountsctl.cli.groups import LazyGroup as LazyGroup

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


EXIT_CODES = """\b
Exit codes:
  0    done
  1    unhealthy, or something was found
  2    your files or options
  3    AWS refused a call
  4    a stack failed
  130  declined or interrupted
  10, 11  push --dry-run --exit-code: changes; data would be lost"""


@click.group(
    cls=LazyGroup,
    epilog=EXIT_CODES,
    context_settings=CONTEXT,
    table={
        "init": ("init", "init", "Start a project in this folder."),
        "adopt": ("adopt", "adopt", "Take over a backend that Amplify deployed, as it is."),
        "convert": ("convert", "convert", "Render an adopted resource from the project's files again."),
        "import": ("import_auth", "import_", "Use a user pool that another stack owns."),
        "add": ("add", "add", "Add an API, function, database, custom resource, dependency or trigger."),
        "update": ("update", "update", "Change the settings of a function."),
        "remove": ("remove", "remove", "Remove a resource, a dependency or a trigger."),
        "restore": ("restore", "restore", "Bring back a resource that was removed."),
        "status": ("status", "status", "Show the resources, and what a push would change."),
        "render": (
            "render",
            "render",
            "Write the CloudFormation templates to amplify/build.",
        ),
        "validate": ("validate", "validate", "Check the templates and parameters before AWS does."),
        "push": ("push", "push", "Show the changes, confirm them, and deploy."),
        "dev": ("dev", "dev", "Push every change as it is saved, with the log and the page."),
        "outputs": ("outputs", "outputs", "Show the outputs of the deployed stacks: URLs, ids, ARNs."),
        "export": ("export", "export", "Write the configuration that a front end needs."),
        "drift": ("drift", "drift", "Find what was changed without a push."),
        "recover": ("recover", "recover", "Bring a stack that failed back to a good state."),
        "delete": ("delete", "delete", "Delete an environment's stacks."),
        "policy": ("policy", "policy", "Print the IAM policy that deploys this project."),
        "env": ("env", "env", "Manage environments: add, list, get, checkout, remove."),
        "db": ("db", "db", "Create, query, fill and export the database's tables."),
        "auth": ("auth", "auth", "Sign in as a user of the imported pool and print a token."),
        "logs": ("logs", "logs", "Show and follow what the functions log."),
        "function": ("function", "function", "Set the variables and the secrets of functions."),
        "invoke": ("invoke", "invoke", "Send an event to a function."),
        "call": ("call", "call", "Call the API as a signed-in client would."),
        "ui": ("ui", "ui", "Open the accounts page in a browser."),
        "doctor": ("doctor", "doctor", "Find problems; doctor cors: explain a browser's CORS error."),
        "local": ("local", "local", "Manage the embedded cloud: start, stop, status, reset, sleep, logs."),
        "open": ("open", "open_", "Open the stack in AWS's console, or the API, in a browser."),
        "explain": ("explain", "explain", "Explain the keys of a resource's parameters.json."),
        "completion": ("completion", "completion", "Print the completion script for a shell."),
        "help": ("help", "help_", "Show the help of a command."),
        "version": ("help", "version", "Show the version."),
    },
)
@click.version_option(__version__, "-V", "--version", message="accountsctl %(version)s")
def cli() -> None:
    """The Amplify Gen 1 custom-resource workflow: the same push on a laptop and on AWS.

    \b
    Examples:
      accountsctl init shop
      accountsctl push --dry-run
    """


def main() -> None:
    """Run the command line and exit with its code."""
    from accountsctl.cli.boundary import fill_closed_streams, leave_on_sigterm, run

    fill_closed_streams()
    leave_on_sigterm()
    raise SystemExit(run(cli))
