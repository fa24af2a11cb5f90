"""`function`: the variables and the secrets of functions, for each environment."""

from __future__ import annotations

import sys

import click

from accountsctl.bootstrap import Application
from accountsctl.cli import LazyGroup
from accountsctl.cli.completion import functions
from accountsctl.cli.options import on_environment
from accountsctl.commands.functions.choose import chosen_function, project_functions
from accountsctl.model.errors import UsageError
from accountsctl.model.reports import EditResult
from accountsctl.ui.results.settings import FunctionSecrets, FunctionVariables
from accountsctl.ui.screen import Screen, visible

FUNCTION = click.option(
    "--function",
    "named",
    metavar="NAME",
    help="The function, if the project has several.",
    shell_complete=functions,
)
EVERYWHERE = click.option("--all", "everywhere", is_flag=True, help="In all environments, not only in one.")


@click.group(
    cls=LazyGroup,
    table={
        "env": ("function", "env", "Set, remove and list environment variables."),
        "secret": ("function", "secret", "Store, list and delete secrets."),
    },
)
def function() -> None:
    """Set the environment variables and the secrets of functions, for each environment.

    \b
    Examples:
      accountsctl function env set accountsAPI LOG_SQL=yes -e dev
      accountsctl function secret set accountsAPI STRIPE_KEY < key.txt
    """


@click.group(
    cls=LazyGroup,
    table={
        "set": ("function", "set_variables", "Set environment variables."),
        "unset": ("function", "unset_variables", "Remove environment variables."),
        "list": ("function", "list_variables", "List the environment variables."),
    },
)
def env() -> None:
    """The environment variables of functions: what is not secret.

    \b
    Examples:
      accountsctl function env set accountsAPI LOG_SQL=yes
      accountsctl function env list
    """


@click.group(
    cls=LazyGroup,
    table={
        "set": ("function", "set_secret", "Store a secret, and let the function read it."),
        "list": ("function", "list_secrets", "List the secrets; no value is shown."),
        "remove": ("function", "remove_secret", "Delete a secret."),
    },
)
def secret() -> None:
    """The secrets of functions: values that stand in no file, but in SSM Parameter Store.

    \b
    Examples:
      accountsctl function secret set accountsAPI STRIPE_KEY
      accountsctl function secret list -e prod
    """


@click.command()
@click.argument("words", metavar="[FUNCTION] KEY=VALUE...", nargs=-1, required=True)
@FUNCTION
@EVERYWHERE
@on_environment
def set_variables(
    app: Application, _screen: Screen, words: tuple[str, ...], named: str | None, everywhere: bool
) -> EditResult:
    """Set environment variables of a function in one environment; the next push deploys them.

    They are written into the environment's file, and with --all into the function's parameters.json. Both are
    committed: a secret is refused, `function secret set` stores it.

    \b
    Examples:
      accountsctl function env set LOG_SQL=yes
      accountsctl function env set accountsAPI LOG_SQL=yes PAGE_SIZE=50 -e prod
    """
    from accountsctl.commands.functions.variables import VariablesOf

    if named is None and "=" not in words[0]:
        named, words = words[0], words[1:]
    wrong = [word for word in words if "=" not in word]
    if wrong or not words:
        raise UsageError(
            f"{wrong[0] if wrong else 'The command'} has no value to set.",
            why="Each argument sets one variable.",
            hint="Write KEY=VALUE, as in: accountsctl function env set accountsAPI LOG_SQL=yes",
        )
    values = {key: value for key, _, value in (word.partition("=") for word in words)}
    return VariablesOf(app.editor, chosen_function(app.editor, named), everywhere).set(values)


@click.command()
@click.argument("words", metavar="[FUNCTION] KEY...", nargs=-1, required=True)
@FUNCTION
@EVERYWHERE
@on_environment
def unset_variables(
    app: Application, _screen: Screen, words: tuple[str, ...], named: str | None, everywhere: bool
) -> EditResult:
    """Remove environment variables of a function in one environment; with --all, in all that state no value.

    \b
    Example:
      accountsctl function env unset accountsAPI LOG_SQL -e prod
    """
    from accountsctl.commands.functions.variables import VariablesOf

    named, keys = _function_and_names(app, named, words)
    if not keys:
        raise UsageError(
            "State which variables to remove.",
            why="The command names a function alone.",
            hint="See: accountsctl function env list",
        )
    return VariablesOf(app.editor, chosen_function(app.editor, named), everywhere).unset(keys)


@click.command()
@click.argument("name", metavar="[FUNCTION]", required=False, shell_complete=functions)
@on_environment
def list_variables(app: Application, _screen: Screen, name: str | None) -> FunctionVariables:
    """List the variables of one function or of all, and the file that states each.

    \b
    Examples:
      accountsctl function env list
      accountsctl function env list accountsAPI -e prod --json
    """
    from accountsctl.commands.functions.variables import variables_of

    editor = app.editor
    chosen = [chosen_function(editor, name)] if name else project_functions(editor.backend)
    rows = [variable for function_id in chosen for variable in variables_of(editor, function_id)]
    return FunctionVariables(app.environment.name, tuple(rows))


@click.command()
@click.argument("words", metavar="[FUNCTION] NAME", nargs=-1, required=True)
@FUNCTION
@on_environment
def set_secret(app: Application, _screen: Screen, words: tuple[str, ...], named: str | None) -> EditResult:
    """Store a secret of a function in one environment. The value is read from stdin, or asked for without an echo.

    It is a SecureString of SSM Parameter Store. The function gets its name in the variable NAME, and the right to
    read this one parameter.

    \b
    Examples:
      accountsctl function secret set STRIPE_KEY
      accountsctl function secret set accountsAPI STRIPE_KEY -e prod < key.txt
    """
    from accountsctl.commands.functions.secrets import SecretsOf

    function_name, name = _one_secret(named, words)
    secrets = SecretsOf(app.editor, chosen_function(app.editor, function_name), app.secrets)
    secrets.check(name)
    return secrets.set(name, _secret_value(name))


@click.command()
@click.argument("name", metavar="[FUNCTION]", required=False, shell_complete=functions)
@on_environment
def list_secrets(app: Application, _screen: Screen, name: str | None) -> FunctionSecrets:
    """List the secrets of one function or of all, and whether the environment has a value for each.

    The exit code is 1 if a value is missing.

    \b
    Examples:
      accountsctl function secret list
      accountsctl function secret list accountsAPI -e prod --json
    """
    from accountsctl.commands.functions.secrets import all_secrets

    chosen = [chosen_function(app.editor, name)] if name else None
    return FunctionSecrets(app.environment.name, all_secrets(app.editor, chosen, app.secrets))


@click.command()
@click.argument("words", metavar="[FUNCTION] NAME", nargs=-1, required=True)
@FUNCTION
@on_environment
def remove_secret(app: Application, _screen: Screen, words: tuple[str, ...], named: str | None) -> EditResult:
    """Delete a secret of a function: its value in one environment, and the function's variable in all.

    \b
    Example:
      accountsctl function secret remove accountsAPI STRIPE_KEY
    """
    from accountsctl.commands.functions.secrets import SecretsOf

    function_name, name = _one_secret(named, words)
    return SecretsOf(app.editor, chosen_function(app.editor, function_name), app.secrets).remove(name)


def _function_and_names(
    app: Application, named: str | None, words: tuple[str, ...]
) -> tuple[str | None, tuple[str, ...]]:
    """The function that the first word names, if it names one and no option does, and the other words."""
    known = {str(function_id) for function_id in project_functions(app.editor.backend)}
    if named is None and f"function/{words[0].removeprefix('function/')}" in known:
        return words[0], words[1:]
    return named, words


def _one_secret(named: str | None, words: tuple[str, ...]) -> tuple[str | None, str]:
    if named is None and len(words) == 2:
        return words[0], words[1]
    if len(words) != 1:
        raise UsageError(
            "State one secret.",
            why="A value is never an argument: other users of this machine can see the arguments of a process.",
            hint="Write, for example: accountsctl function secret set accountsAPI STRIPE_KEY < key.txt",
        )
    if "=" in words[0]:
        name = words[0].partition("=")[0]
        raise UsageError(
            f"The value of {name} must not be an argument.",
            why="Other users of this machine can see the arguments of a process, and the shell writes them down.",
            hint=f"Change the value if it is real, then: accountsctl function secret set {name} < FILE",
        )
    return named, words[0]


def _secret_value(name: str) -> str:
    if sys.stdin.isatty():
        return str(click.prompt(visible(f"The value of {name}"), hide_input=True, err=True))
    try:
        text = sys.stdin.buffer.read().decode()
    except UnicodeDecodeError:
        raise UsageError(
            f"The value of {name} is not text in UTF-8.",
            why="AWS Systems Manager keeps a secret as text.",
            hint="Encode it first, for example by base64.",
        ) from None
    # The end of line that `echo` and editors add is not part of a key.
    return text.removesuffix("\n").removesuffix("\r")
