"""`import auth`: link a user pool that another stack owns.

The ids go into the environment's file, so each environment may import another pool. Nothing is written that
Cognito does not confirm. The embedded cloud is the exception: it creates the pool with these ids when it is needed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from accountsctl.commands.project.imported_pools import CLIENT_KEYS, problems
from accountsctl.commands.project.rehearse import ProjectEditor
from accountsctl.formats.edits import entry, with_imported, with_resource
from accountsctl.formats.layout import environment_file, resource_folder
from accountsctl.model.edit import Change, Edit
from accountsctl.model.environment import Environment
from accountsctl.model.errors import CloudError, UsageError
from accountsctl.model.names import ResourceId
from accountsctl.model.reports import EditResult
from accountsctl.ports.pools import Pools

SRP = "ALLOW_USER_SRP_AUTH"


def import_auth(editor: ProjectEditor, name: str, ids: Mapping[str, str], pools: Pools | None) -> EditResult:
    """Link the pool of `ids` (keys as in the environment's file) as ``auth/name``.

    `pools` is None on the embedded cloud. A resource that is imported already gets these ids in this
    environment. The files of other environments are not changed: each one may link another pool.
    """
    environment = editor.project.environment
    resource = ResourceId("auth", name)
    hints: tuple[str, ...] = ()
    if pools is not None:
        refuse(problems(ids, pools))
        hints = clients_without_srp(ids, pools)
    elif not ids["UserPoolId"].startswith(f"{environment.region}_"):
        raise UsageError(
            f"The user pool {ids['UserPoolId']} is not in {environment.region}; nothing was changed.",
            why="A pool's id begins with its region, and an environment has one region.",
            hint=f"Name one of {environment.region}, or none: then new ids are generated.",
        )
    edits: dict[str, Change] = {environment_file(environment.name): with_imported(resource, ids)}
    if editor.backend.get(resource) is not None:
        editor.apply(Edit(json=edits))
        return EditResult(f"{resource} is now {ids['UserPoolId']} in {environment.name}.", hints)
    editor.new_id("auth", name)
    imported = entry("Cognito", serviceType="imported", customAuth=False)
    edits[editor.backend.source] = with_resource(resource, imported)
    folders = {resource_folder(resource): {"parameters.json": b"{}\n"}}
    editor.apply(Edit(json=edits, folders=folders))
    others = [other for other in editor.workspace.environments() if other != environment.name]
    notes = tuple(f"Link a pool there too: accountsctl import auth {name} -e {other}" for other in others)
    return EditResult(f"Linked {ids['UserPoolId']} as {resource} in {environment.name}.", (*hints, *notes))


def demo_ids(project: str, environment: Environment, name: str) -> dict[str, str]:
    """Well-formed ids of a pool for the embedded cloud; they depend only on the names."""
    seed = f"{project}/{environment.name}/{name}".encode()
    digits = hashlib.sha256(seed).hexdigest()
    return {
        "UserPoolId": f"{environment.region}_{digits[:9]}",
        "AppClientID": digits[9:35],
        "AppClientIDWeb": digits[35:61],
    }


def clients_without_srp(ids: Mapping[str, str], pools: Pools) -> tuple[str, ...]:
    """A note for each client that `auth token` cannot use: its users sign in by a hosted page, or by codes."""
    clients = [(ids[key], pools.client(ids["UserPoolId"], ids[key])) for key in CLIENT_KEYS if ids.get(key)]
    return tuple(
        dict.fromkeys(
            f"The app client {name} does not allow {SRP}: its tokens work, but `auth token` cannot sign in with it."
            for name, client in clients
            if client and SRP not in client.flows
        )
    )


def refuse(sentences: tuple[str, ...]) -> None:
    """Raise a CloudError that names all problems, if there are any."""
    if sentences:
        raise CloudError(
            "Cognito does not confirm these ids; nothing was changed.",
            why="\n".join(sentences),
            hint="List the existing pools: aws cognito-idp list-user-pools --max-results 60",
            code="ImportRefused",
        )
