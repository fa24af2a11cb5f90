"""A resource, an output or an environment as a user names it: a near miss is answered with what may be meant."""

from __future__ import annotations

from collections.abc import Iterable

from accountsctl.model.errors import UsageError
from accountsctl.model.names import ResourceId
from accountsctl.model.suggestions import did_you_mean


def find_resource(text: str, ids: Iterable[ResourceId]) -> ResourceId:
    """The resource called ``category/name``, or ``name`` if only one category has it; UsageError for any other."""
    known = list(ids)
    named = [id_ for id_ in known if text == str(id_)] or [id_ for id_ in known if text == id_.name]
    if len(named) == 1:
        return named[0]
    if named:
        these = ", ".join(map(str, named))
        raise UsageError(
            f"Several resources are called {text}.", why=f"These are: {these}.", hint="Name one of these."
        )
    if not known:
        raise UsageError(
            f"There is no resource {text}.",
            why="The backend has none yet.",
            hint="Add one; `accountsctl add` lists the kinds.",
        )
    near = did_you_mean(text, map(str, known)) if "/" in text else _near_bare_name(text, known)
    names = ", ".join(map(str, known))
    raise UsageError(
        f"There is no resource {text}.", why=f"The backend has: {names}.", hint=near or "Name one of these."
    )


def _near_bare_name(text: str, known: Iterable[ResourceId]) -> str:
    """A suggestion with its category, though the name was compared without."""
    by_name = {id_.name: str(id_) for id_ in known}
    near = did_you_mean(text, by_name)
    name = near.removeprefix('Did you mean "').removesuffix('"?')
    return near.replace(name, by_name[name]) if near else ""
