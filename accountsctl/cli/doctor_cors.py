"""`doctor cors`: why a browser blocks an API's responses."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from accountsctl.bootstrap import Application
from accountsctl.cli.boundary import place_of
from accountsctl.cli.completion import methods, paths
from accountsctl.cli.doctor_cors_look import CorsOptions, is_in_project, look, query_of
from accountsctl.cli.options import grouped, on_environment
from accountsctl.cli.repeating import repeated_command
from accountsctl.doctor.browser.fetch import Profile
from accountsctl.doctor.facts.places import Layer
from accountsctl.model.errors import AccountsctlError, CouldNotLook, UsageError, reason_of
from accountsctl.ui.rendering import FormattedText
from accountsctl.ui.screen import Screen

if TYPE_CHECKING:
    from accountsctl.commands.doctor.cors import Findings
    from accountsctl.commands.doctor.fix import ProposedFix
    from accountsctl.ui.results.cors import Cause, CauseList, CorsReport

Result = TypeVar("Result")
MOST_NEAR = 8
"""How many causes are named that begin with what was asked for."""
WARNINGS = 5
"""The exit code of --strict if nothing is blocked."""
EPILOG = """\b
Examples:
  accountsctl doctor cors
  accountsctl doctor cors --origin https://app.example.com --fix
  accountsctl doctor cors --har recording.har --share report.md
  pbpaste | accountsctl doctor cors --har -
\b
Exit codes: 0 not blocked; 1 blocked or refused, one cause; 2 usage error;
3 blocked or refused, several possible causes or none known;
4 nothing could be checked, or the doctor failed;
5 not blocked, with warnings (--strict)."""


@click.command(epilog=EPILOG)
@click.option(
    "--origin",
    metavar="URL",
    help="The page's origin [every origin that the environment allows; http://localhost:4200 if it is local"
    " or allows all; of a template, the origins that it allows by name].",
)
@click.option(
    "--path", metavar="PATH", help="The path that the page calls [every path].", shell_complete=paths
)
@click.option(
    "--method",
    metavar="METHOD",
    help="The method that the page calls [every method].",
    shell_complete=methods,
)
@click.option(
    "--header",
    "headers",
    multiple=True,
    metavar="NAME[: VALUE]",
    help="A header that the page sets; can be repeated.",
)
@click.option("--credentials", is_flag=True, help="The page calls fetch with credentials: 'include'.")
@click.option(
    "--token", metavar="T", help="The token that the page sends; - reads it from stdin. It is never printed."
)
@click.option("--url", metavar="FULL_URL", help="The full URL that the page calls, with the stage.")
@click.option(
    "--template",
    "templates",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Check this CloudFormation or SAM template instead of the project.",
)
@click.option(
    "--har",
    type=click.Path(path_type=Path, exists=True, dir_okay=False, allow_dash=True),
    help="Check a browser's recording (HAR), lines of its console, or output of curl, instead of the project; "
    "- reads stdin.",
)
@click.option(
    "--layer",
    "layers",
    multiple=True,
    type=click.Choice([layer.value for layer in Layer]),
    help="Check only this layer; can be repeated [all].",
)
@click.option("--send-actual", is_flag=True, help="Also send requests that may change data.")
@click.option(
    "--profile-browser",
    type=click.Choice([profile.value for profile in Profile]),
    default="chromium",
    show_default=True,
    help="The browser to imitate.",
)
@click.option("--fix", is_flag=True, help="Show how to fix the project's files, as a diff.")
@click.option("--apply", is_flag=True, help="With --fix: write the changes to the files.")
@click.option("--sarif", is_flag=True, help="Print the result as SARIF 2.1.0.")
@click.option("--strict", is_flag=True, help="Exit with 5 if nothing is blocked but there are warnings.")
@click.option(
    "--share",
    is_flag=False,
    flag_value="-",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="[FILE]",
    help="Write a report for the team of the API, without secrets, to a file [standard output].",
)
@click.option("--explain", metavar="ID", help="Explain one cause, and exit.")
@click.option("--list", "listing", is_flag=True, help="List all causes, and exit.")
@on_environment
@grouped(CorsOptions)
def cors(
    app: Application, _screen: Screen, options: CorsOptions
) -> CorsReport | FormattedText | Cause | CauseList:
    """Explain why a browser blocks an API's responses: the resource, the property, and the fix.

    Without options, every method of every API of the environment is checked: in the templates, in the deployed
    resources, and with real requests.
    """
    if options.listing or options.explain:
        return _catalogue(options.explain)
    if options.apply and not options.fix:
        raise UsageError(
            "--apply needs --fix.",
            why="It writes what --fix proposes.",
            hint="accountsctl doctor cors --fix --apply",
        )
    if options.share and (options.fix or options.sarif):
        raise UsageError(
            "--share is a report of its own.",
            why="--fix and --sarif write another one to the same place.",
            hint="accountsctl doctor cors --share, without --fix and --sarif",
        )
    if options.fix and (options.templates or options.har):
        raise UsageError(
            "--fix changes the project's files, but these facts do not come from a project.",
            why="--template and --har name files of their own.",
            hint="Run it in the project's folder, without --template and --har.",
        )
    query = query_of(app, options)
    found = never_crash(lambda: look(app, query, options))
    if options.share:
        return _shared(found, options.share)
    fix = never_crash(lambda: _propose_fix(app, found)) if options.fix else None
    own = is_in_project(app) and not (options.templates or options.har)
    return _report(found, fix, options, own, _end_of_fix(app, found, fix, apply=options.apply) if fix else ())


def never_crash(work: Callable[[], Result]) -> Result:
    """What was found; CouldNotLook for a bug of the doctor: exit code 1 means that a cause was found."""
    try:
        return work()
    except (AccountsctlError, OSError):
        raise
    except Exception as error:
        raise CouldNotLook(
            "The doctor itself failed.",
            why=f"{type(error).__name__}: {error} ({place_of(error)})",
            hint="This is a bug: report this message, with the file if you can.",
        ) from error


def _catalogue(wanted: str | None) -> Cause | CauseList:
    from accountsctl.doctor.catalogue.cards import BY_ID, CARDS
    from accountsctl.ui.results.cors import Cause, CauseList

    if wanted is None:
        return CauseList(CARDS)
    if wanted in BY_ID:
        return Cause(BY_ID[wanted])
    import difflib

    begun = [id_ for id_ in BY_ID if id_.startswith(wanted) or id_.partition(".")[2].startswith(wanted)]
    near = begun[:MOST_NEAR] or difflib.get_close_matches(wanted, BY_ID, 3, 0.4)
    raise UsageError(
        f"There is no cause {wanted}.",
        why=f"Near to it: {', '.join(near)}." if near else "",
        hint="accountsctl doctor cors --list names them all.",
    )


def _shared(found: Findings, file: Path) -> FormattedText:
    """``--share``: the report on stdout, or in a file."""
    from accountsctl.adapters.project_files.disk import Disk, write_file
    from accountsctl.doctor.reports.share import shared_report

    text = shared_report(found.diagnoses, found.lines)
    if str(file) == "-":
        return FormattedText([text], exit_code=found.exit_code)
    try:
        write_file(Disk(), file.absolute(), text.encode("utf-8", "replace"))
    except OSError as error:
        raise UsageError(
            f"{file} cannot be written.", why=reason_of(error), hint="Name another file with --share."
        ) from error
    return FormattedText(messages=(f"Wrote {file}. Read it before you send it.",), exit_code=found.exit_code)


def _propose_fix(app: Application, found: Findings) -> ProposedFix:
    from accountsctl.adapters.project_files.templates import FileTemplates
    from accountsctl.commands.doctor.fix import propose_fix

    return propose_fix(app.projects, FileTemplates(), app.environment.name, found.diagnoses)


def _report(
    found: Findings, fix: ProposedFix | None, options: CorsOptions, own: bool, messages: tuple[str, ...]
) -> CorsReport | FormattedText:
    code = found.exit_code
    if fix and options.apply and fix.diffs and not fix.unfixed:
        # All that was found is fixed, so that `&& accountsctl push` goes on.
        code = 0
    if code == 0 and options.strict and any(diagnosis.warnings for diagnosis in found.diagnoses):
        code = WARNINGS
    if options.sarif:
        from accountsctl import __version__
        from accountsctl.doctor.reports.sarif import as_sarif
        from accountsctl.formats.json_writer import report_text

        text = report_text(as_sarif(found.diagnoses, found.lines, __version__))
        return FormattedText([text], messages, code)
    from accountsctl.ui.results.cors import CorsReport

    diffs = fix.diffs if fix else ()
    return CorsReport(found.diagnoses, found.lines, diffs, own, options.fix, code, messages)


def _end_of_fix(app: Application, found: Findings, fix: ProposedFix, *, apply: bool) -> tuple[str, ...]:
    """Change the files if `apply` is set; what is to be said after the diff."""
    left = _left(fix)
    if not fix.diffs:
        from accountsctl.doctor.reports.only_deployed import NOT_IN_FILES, is_only_deployed

        elsewhere = f": {NOT_IN_FILES}" if any(map(is_only_deployed, found.diagnoses)) else ""
        return left or (f"There is nothing to fix in this project's files{elsewhere}.",)
    if not apply:
        # The same request, or another set of causes might be fixed.
        again = repeated_command(click.get_current_context(), "--apply")
        return (f"Write it: {again}; then: accountsctl push", *left)
    app.projects.apply(fix.edit)
    return (f"Fixed {', '.join(fix.fixed)}. Now: accountsctl push", *left)


def _left(fix: ProposedFix) -> tuple[str, ...]:
    """What no change of the project's files is known for, with what to do."""
    from accountsctl.commands.doctor.who_may_call import TO_NAME
    from accountsctl.doctor.catalogue.cards import BY_ID

    built = tuple(
        f"{file} was left as it is: Amplify writes it again from its sources. Make the change there (override.ts, "
        "cli-inputs.json, cdk-stack.ts)."
        for file in fix.built
    )
    return built + tuple(
        " ".join((f"Not fixed: {id_}.", *([f"{TO_NAME} Or:"] if id_ in fix.to_name else []), BY_ID[id_].fix))
        for id_ in fix.unfixed
    )
