"""Shell completion: the script for a shell, and what stands behind arguments.

Completing must never fail in front of someone who is typing, so a project that cannot be read completes to
nothing. It reads files only; no cloud is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem, get_completion_class

from accountsctl.cli.finish import finish
from accountsctl.model.errors import AccountsctlError
from accountsctl.ui.rendering import FormattedText
from accountsctl.ui.screen import standard

if TYPE_CHECKING:
    from accountsctl.adapters.project_files.store import FileProjects
    from accountsctl.model.project import Project

VARIABLE = "_ACCOUNTSCTL_COMPLETE"
Completer = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print the completion script for a shell.

    bash: put the first example into ~/.bashrc; zsh: the same with zsh, into ~/.zshrc.

    \b
    Examples:
      eval "$(accountsctl completion bash)"
      accountsctl completion fish > ~/.config/fish/completions/accountsctl.fish
    """
    kind = get_completion_class(shell)
    assert kind is not None
    script = kind(context.find_root().command, {}, "accountsctl", VARIABLE).source()
    finish(standard(), FormattedText([f"{script}\n"]))


def _projects(context: click.Context) -> FileProjects:
    from accountsctl.adapters.project_files.store import FileProjects, find_root

    return FileProjects(find_root(Path(context.params.get("project") or ".")))


def _project(context: click.Context) -> Project:
    return _projects(context).read(context.params.get("environment")).project


def _quietly(names: Callable[[click.Context], Iterator[str]]) -> Completer:
    """A completer over `names` that completes to nothing where the project cannot be read."""

    def complete(context: click.Context, _: click.Parameter, begun: str) -> list[CompletionItem]:
        try:
            return [CompletionItem(name) for name in names(context) if name.startswith(begun)]
        except (AccountsctlError, OSError, ValueError):
            return []

    return complete


def _environments(context: click.Context) -> Iterator[str]:
    yield from _projects(context).environments()


def _resources(context: click.Context) -> Iterator[str]:
    yield from (str(resource.id) for resource in _project(context).backend)


def _named(category: str) -> Completer:
    """A completer over the names of a category's resources."""
    return _quietly(
        lambda context: (
            resource.id.name for resource in _project(context).backend if resource.id.category == category
        )
    )


def _removed(context: click.Context) -> Iterator[str]:
    """What `restore` can bring back."""
    import json

    from accountsctl.formats.layout import REMOVED_FILE

    file = _projects(context).root / REMOVED_FILE
    yield from json.loads(file.read_text("utf-8")) if file.is_file() else ()


def _attributes(context: click.Context) -> Iterator[str]:
    """The outputs of the resource that the words before name last (``on``, or ``resource``)."""
    from accountsctl.model.names import parse_resource_id
    from accountsctl.synth import assemble

    wanted = parse_resource_id(str(context.params.get("on") or context.params.get("resource") or ""))
    assembly = assemble(_projects(context).read(context.params.get("environment")))
    child = assembly.child(wanted) if wanted else None
    yield from sorted(child.template.outputs) if child else ()


def _resource_types(_: click.Context) -> Iterator[str]:
    from accountsctl.adapters.local_cloud import supported_types

    yield from supported_types()


def _methods(_: click.Context) -> Iterator[str]:
    from accountsctl.model.http_methods import CALLABLE

    yield from CALLABLE


def _paths(context: click.Context) -> Iterator[str]:
    """The paths of the project's own APIs."""
    for resource, source in _project(context).sources.items():
        written = source.parameters.get("paths") if resource.category == "api" else None
        yield from map(str, written if isinstance(written, Mapping) else ())


def _runtimes(_: click.Context) -> Iterator[str]:
    from accountsctl.synth import runtimes

    yield from runtimes.supported(date.today())


def _profiles(_: click.Context) -> Iterator[str]:
    from accountsctl.adapters.aws import configured

    yield from configured.profiles()


def _regions(_: click.Context) -> Iterator[str]:
    from accountsctl.adapters.aws import configured

    yield from configured.regions()


environments = _quietly(_environments)
resources = _quietly(_resources)
functions, apis, pools, databases = map(_named, ("function", "api", "auth", "rds"))
removed = _quietly(_removed)
attributes = _quietly(_attributes)
resource_types = _quietly(_resource_types)
methods = _quietly(_methods)
paths = _quietly(_paths)
runtimes_ = _quietly(_runtimes)
profiles = _quietly(_profiles)
regions = _quietly(_regions)
