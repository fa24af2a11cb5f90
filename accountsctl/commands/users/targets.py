"""Which API or function URL `call` sends to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from accountsctl.commands.stacks.endpoints import one_of_each
from accountsctl.commands.stacks.outputs import Outputs, root_urls
from accountsctl.model.endpoints import HttpEndpoint, HttpEndpointKind
from accountsctl.model.errors import UsageError
from accountsctl.model.suggestions import did_you_mean

API = "api/"


@dataclass(frozen=True)
class CallTarget:
    """Where a request goes. `resource`: whose stack holds it. `endpoint` is None if an output alone names the URL."""

    resource: str
    url: str
    endpoint: HttpEndpoint | None = None

    @property
    def kind(self) -> HttpEndpointKind:
        """What answers there; an output `RootUrl` is that of a REST API."""
        return self.endpoint.kind if self.endpoint else HttpEndpointKind.REST


@dataclass(frozen=True)
class CallTargets:
    """All of an environment. `endpoints` is asked only if the outputs do not decide; `environment` is its name."""

    outputs: Callable[[], Outputs]
    endpoints: Callable[[], Sequence[HttpEndpoint]]
    environment: str

    def choose(self, name: str | None) -> CallTarget:
        """The target called `name`; without a name the only API of the category ``api``, or else the only target.

        UsageError that lists what there is if that is not clear.
        """
        urls = root_urls(self.outputs())
        apis = {resource: url for resource, url in urls.items() if resource.startswith(API)}
        if name is None and len(apis) == 1:
            return CallTarget(*next(iter(apis.items())))
        if name is not None and (resource := _resource(name, apis)):
            return CallTarget(resource, apis[resource])
        found = {
            **{resource: CallTarget(resource, url) for resource, url in apis.items()},
            **self._held(apis),
        }
        if name is None:
            return _only(found)
        matching = [target for label, target in found.items() if name in _spellings(label, target)]
        if len(matching) == 1:
            return matching[0]
        raise _no_such(name, found) if not matching else _several(found)

    def _held(self, known: Iterable[str]) -> Mapping[str, CallTarget]:
        """What the stacks hold, by label: the resource, with the logical id if its stack has several."""
        held = one_of_each(self.endpoints(), self.environment)
        return {
            label: CallTarget(endpoint.resource, endpoint.url, endpoint)
            for label, endpoint in held.items()
            if endpoint.resource not in known
        }


def _resource(name: str, apis: Iterable[str]) -> str | None:
    return next((resource for resource in apis if name in (resource, resource.removeprefix(API))), None)


def _spellings(label: str, target: CallTarget) -> tuple[str, ...]:
    if target.endpoint is None:
        return (label, label.partition("/")[2])
    logical_id = target.endpoint.logical_id
    return (label, label.partition("/")[2], logical_id, f"{target.resource}#{logical_id}")


def _only(found: Mapping[str, CallTarget]) -> CallTarget:
    if len(found) == 1:
        return next(iter(found.values()))
    if found:
        raise _several(found)
    raise UsageError(
        "No API is deployed in this environment.",
        why="No stack of it has a REST API, an HTTP API or a function URL.",
        hint="Run `accountsctl push` first; `accountsctl add api` adds one to the project.",
    )


def _several(found: Mapping[str, CallTarget]) -> UsageError:
    return UsageError(
        "More than one API is deployed.",
        why="The path alone does not say which of them to call.",
        hint=f"Name one of them with --api: {_listed(found)}.",
    )


def _no_such(name: str, found: Mapping[str, CallTarget]) -> UsageError:
    close = did_you_mean(
        name, [text for label, target in found.items() for text in _spellings(label, target)]
    )
    there = f"There is: {_listed(found)}." if found else "Run `accountsctl push` first."
    return UsageError(
        f"No API named {name.removeprefix(API)} is deployed.",
        why="--api takes the name of a deployed API.",
        hint=f"{close} {there}".strip(),
    )


def _listed(found: Mapping[str, CallTarget]) -> str:
    return ", ".join(f"{label} ({target.kind})" for label, target in sorted(found.items()))
