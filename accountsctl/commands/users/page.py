"""`ui`: the accounts page for one environment, on an origin of its own.

The page is served on loopback and the API elsewhere, so that every call crosses origins as it does in
production: a preflight, an allowed origin, readable headers. Where the API does not allow the page's origin,
it is served all the same, and that is said: the browser's error is what its reader came to see.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from accountsctl.formats.frontend.cors import EVERY_ORIGIN, allowed_origins
from accountsctl.formats.frontend.exports import Deployed, amplify_outputs
from accountsctl.formats.frontend.page import (
    BuiltPage,
    DemoUser,
    PageEnvironment,
    allows,
    page_address,
)
from accountsctl.formats.layout import LOCAL_STATE
from accountsctl.model.environment import Cloud, Environment
from accountsctl.model.errors import UsageError
from accountsctl.model.project import Project
from accountsctl.ports.local_cloud import LocalCloud
from accountsctl.ports.page_server import PageAddress, PageServer

BUILD = "python tools/build_page.py"


@dataclass(frozen=True)
class Page:
    """A page that can be served, and where; `notes` are sentences for its reader."""

    site: BuiltPage
    address: PageAddress
    notes: tuple[str, ...]


def first_api_origins(project: Project) -> tuple[str, ...]:
    """The origins that the project's first API allows: the page calls that one."""
    apis = [resource.id for resource in project.backend if resource.id.category == "api"]
    return allowed_origins(project, apis[:1]) if apis else (EVERY_ORIGIN,)


def page_environment(environment: Environment, cloud: LocalCloud) -> PageEnvironment:
    """What the page shows of its environment; only a local one has a demo user."""
    local = environment.cloud is Cloud.LOCAL
    demo = DemoUser(*cloud.demo_user()) if local else None
    return PageEnvironment(environment.name, environment.cloud.value, environment.protected, demo)


def prepare(
    deployed: Deployed,
    files: Mapping[str, bytes],
    allowed: Sequence[str],
    shown: PageEnvironment,
    port: int | None = None,
) -> Page:
    """The page of an environment. `allowed` are the API's allowed origins; UsageError where nothing was built,
    or the environment lacks what the page shows."""
    if not files:
        raise UsageError(
            "The page is not built.",
            why="This is a checkout, which does not contain the built page; an installed accountsctl does.",
            hint=f"Build it: {BUILD}",
        )
    outputs = amplify_outputs(deployed)
    missing = [what for what, key in (("a user pool", "Auth"), ("a REST API", "API")) if key not in outputs]
    if missing:
        raise UsageError(
            f"The environment {deployed.environment} has not deployed {' and '.join(missing)}.",
            why="The page signs in at a user pool and calls a REST API.",
            hint="Add what is missing (accountsctl import auth, accountsctl add api), then push.",
        )
    address = page_address(allowed, port)
    described = {**outputs, "custom": {**outputs["custom"], "page": shown.described()}}
    site = BuiltPage(files, described, shown.demo)
    return Page(site, address, tuple(_notes(allowed, address.origin)))


def how_to_sign_in(environment: Environment, cloud: LocalCloud) -> tuple[str, ...]:
    """Who can sign in to a local environment; the password itself is never shown."""
    if environment.cloud is not Cloud.LOCAL:
        return ()
    name, _ = cloud.demo_user()
    return (f"Sign in as {name}: the page has a button for it (password: {LOCAL_STATE}/demo-user.json).",)


def _notes(allowed: Sequence[str], origin: str) -> list[str]:
    if allows(allowed, origin):
        return []
    return [
        f"The API allows {', '.join(allowed) or 'no origin'}, not {origin}: the browser will show a CORS error.",
        f"Allow it: add {origin} to cors.allowOrigins in the API's parameters.json, then push.",
    ]


def serve(page: Page, server: PageServer, ready: Callable[[str], None]) -> None:
    """Serve the page until it is interrupted; `ready` is called with its URL once it can be opened."""
    server.serve(page.site, page.address, lambda port: ready(f"{replace(page.address, port=port).origin}/"))
