"""`doctor cors`: why the browser says no."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from accountsctl.bootstrap import Wiring
from accountsctl.cli.options import on_environment
from accountsctl.model.errors import UsageError
from accountsctl.ui.screen import Screen

if TYPE_CHECKING:
    from accountsctl.commands.doctor.cors import Findings
    from accountsctl.commands.doctor.fix import Mended
    from accountsctl.doctor.diagnosis.targets import Query

LAYERS = ("static", "deployed", "live")
PROFILES = ("chromium", "firefox", "webkit", "spec")
EPILOG = """\b
Exit codes: 0 the browser succeeds; 1 blocked, the cause is named; 2 usage; 3 blocked, several causes fit;
4 could not look; 5 the browser succeeds, with warnings (--strict)."""


@click.command(epilog=EPILOG)
@click.option(
    "--origin",
    metavar="URL",
    help="The page's origin [every origin that the environment allows; http://localhost:4200 if it is local"
    " or allows all].",
)
@click.option("--path", metavar="PATH", help="The path that is called [every path].")
@click.option("--method", metavar="METHOD", help="The method that is called [every method].")
@click.option(
    "--header", "headers", multiple=True, metavar="NAME[: VALUE]", help="A header that the page sets."
)
@click.option("--credentials", is_flag=True, help="The page says credentials: 'include'.")
@click.option(
    "--token", metavar="T", help="The token that the page sends; - reads it from stdin. Never printed."
)
@click.option("--url", metavar="FULL_URL", help="The URL that is called, stage and all.")
@click.option(
    "--template",
    "templates",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A CloudFormation or SAM template, instead of the project.",
)
@click.option(
    "--har",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A browser's recording, instead of the project.",
)
@click.option(
    "--layer", "layers", multiple=True, type=click.Choice(LAYERS), help="Look here only [everywhere]."
)
@click.option("--send-actual", is_flag=True, help="Send requests that may change something, too.")
@click.option("--profile-browser", type=click.Choice(PROFILES), default="chromium", show_default=True)
@click.option("--fix", is_flag=True, help="Print the patch of this project's files, as a diff.")
@click.option("--apply", is_flag=True, help="With --fix: write it.")
@click.option("--sarif", is_flag=True, help="SARIF 2.1.0 on stdout.")
@click.option("--strict", is_flag=True, help="Exit 5 where the browser succeeds, but there are warnings.")
@click.option("--explain", metavar="ID", help="Explain a cause, and stop.")
@click.option("--list", "listing", is_flag=True, help="List every cause, and stop.")
@on_environment
def cors(wiring: Wiring, screen: Screen, **options: Any) -> None:
    """Say why a browser refuses an API's answers: the resource, the property, the fix, and what comes after it.

    Without options it checks every method of every API of the checked-out environment, in its templates, in what
    is deployed and in its answers.
    """
    if options["listing"] or options["explain"]:
        _catalogue(screen, options["explain"])
        return
    if options["apply"] and not options["fix"]:
        raise UsageError("--apply needs --fix.", hint="accountsctl doctor cors --fix --apply")
    if options["fix"] and (options["templates"] or options["har"]):
        raise UsageError(
            "--fix mends this project's files, and these facts are not of a project.",
            hint="Leave --template and --har out, within the project.",
        )
    query = _query(options)
    found = _look(wiring, query, options)
    mended = _mend(wiring, found) if options["fix"] else None
    own = not (options["fix"] or options["templates"] or options["har"])
    _show(screen, found, mended.diffs if mended else (), sarif=options["sarif"], own=own)
    if mended is not None:
        _fix(wiring, screen, mended, apply=options["apply"], quiet=screen.as_json or options["sarif"])
    code = found.exit_code
    if code == 0 and options["strict"] and any(each.warnings for each in found.diagnoses):
        code = 5
    raise SystemExit(code) if code else click.exceptions.Exit(0)


def _catalogue(screen: Screen, wanted: str | None) -> None:
    from accountsctl.doctor.catalogue.cards import BY_ID, CARDS
    from accountsctl.doctor.reports.json_report import explained
    from accountsctl.ui.diagnosis import show_card, show_cards

    if wanted is None:
        if screen.as_json:
            screen.data([explained(each) for each in CARDS])
        else:
            show_cards(screen, CARDS)
        return
    if wanted not in BY_ID:
        import difflib

        near = difflib.get_close_matches(wanted, BY_ID, 3, 0.4)
        raise UsageError(
            f"There is no cause {wanted}.",
            why=f"Near to it: {', '.join(near)}." if near else "",
            hint="accountsctl doctor cors --list names them all.",
        )
    if screen.as_json:
        screen.data(explained(BY_ID[wanted]))
    else:
        show_card(screen, BY_ID[wanted])


def _query(options: dict[str, Any]) -> Query:
    from accountsctl.doctor.browser.fetch import Profile
    from accountsctl.doctor.browser.page_request import read_token
    from accountsctl.doctor.diagnosis.targets import Query, checked

    token = options["token"]
    if token == "-":  # noqa: S105 -- a flag's value
        token = sys.stdin.read().strip()
    return checked(
        Query(
            origin=options["origin"],
            path=options["path"],
            method=options["method"],
            headers=tuple(_header(each) for each in options["headers"]),
            credentials=options["credentials"],
            token=read_token(token) if token else None,
            url=options["url"],
            profile=Profile(options["profile_browser"]),
            now=int(time.time()),
            secret=token,
            send_actual=options["send_actual"],
        )
    )


def _header(text: str) -> tuple[str, str]:
    name, _, value = text.partition(":")
    return name.strip(), value.strip() or "x"


def _look(wiring: Wiring, query: Query, options: dict[str, Any]) -> Findings:
    from accountsctl.commands.doctor.cors import find_out, from_recording

    layers = options["layers"] or LAYERS
    if options["har"]:
        har = options["har"]
        return from_recording(har.read_text("utf-8"), str(har), wiring.given(options["templates"]), query)
    return find_out(wiring.sources(options["templates"], frozenset(layers)), query)


def _mend(wiring: Wiring, found: Findings) -> Mended:
    from accountsctl.commands.doctor.fix import mend

    return mend(wiring.projects, wiring.projects, wiring.environment.name, found.diagnoses)


def _show(screen: Screen, found: Findings, patches: tuple[str, ...], *, sarif: bool, own: bool) -> None:
    from accountsctl.doctor.reports.json_report import as_json
    from accountsctl.ui.diagnosis import show_all

    if sarif:
        from accountsctl import __version__
        from accountsctl.doctor.reports.sarif import as_sarif

        screen.data(as_sarif(found.diagnoses, found.lines, __version__))
        return
    if screen.as_json:
        told = [as_json(each, found.lines, patches, own=own) for each in found.diagnoses]
        screen.data(told[0] if len(told) == 1 else told)
        return
    show_all(screen, found.diagnoses, found.lines, own=own)


def _fix(wiring: Wiring, screen: Screen, mended: Mended, *, apply: bool, quiet: bool) -> None:
    """Show the diff, and write it where that was asked for."""
    if not mended.diffs:
        screen.say("There is nothing to mend in this project's files.")
        return
    if not quiet:
        for each in mended.diffs:
            screen.out.write(each)
    if not apply:
        screen.say("Write it: accountsctl doctor cors --fix --apply; then: accountsctl push")
        return
    wiring.projects.apply(mended.edit)
    screen.say(f"Mended {', '.join(mended.cured)}. Now: accountsctl push")
