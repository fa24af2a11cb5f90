"""`explain`: the keys of parameters.json."""

from __future__ import annotations

import click

from accountsctl.cli.finish import finish
from accountsctl.cli.shared import screen_of, showing
from accountsctl.ui.results.explained import ExplainedKeys

KINDS = ("api", "function", "rds")


@click.command()
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("key", required=False)
@showing
def explain(kind: str, key: str | None, **values: object) -> None:
    """Explain the keys of a resource's parameters.json: of an api, a function or an rds.

    Only for resources that our templates render; what another template reads, its author knows.

    \b
    Examples:
      accountsctl explain function
      accountsctl explain rds MinCapacity
    """
    from accountsctl.adapters.project_files.resources import package_template
    from accountsctl.formats.template_head import parameter_keys
    from accountsctl.model.errors import UsageError
    from accountsctl.model.suggestions import did_you_mean

    keys = parameter_keys(package_template(f"{kind}.yaml.j2") or "")
    chosen = tuple(known for known in keys if key in (None, known.name))
    if not chosen:
        names = [known.name for known in keys]
        raise UsageError(
            f"The parameters of {kind} have no key {key}.",
            why=f"They have {', '.join(names)}.",
            hint=did_you_mean(key or "", names) or "Name one of these.",
        )
    finish(screen_of(values), ExplainedKeys(kind, chosen))
