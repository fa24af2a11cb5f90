"""How the live resources differ from the deployed ones: what the next deployment would change.

Compared is what both spellings tell alike; a part that only one of them writes out (a proxy's default answer,
the default timeout) does not count as a difference.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from accountsctl.doctor.facts.model import Authorizer, GatewayResponse, Integration, Method, Routes
from accountsctl.model.api_gateway import IntegrationType

DEFAULT_TIMEOUT = 29000
ALL = ("*", "*")


def differences(deployed: Routes, live: Routes) -> dict[tuple[str, str], str]:
    """(path, verb) -> what differs, in words, of the methods that are not the same in both."""
    found = {}
    for path in [*live, *(path for path in deployed if path not in live)]:
        here, there = deployed.get(path, {}), live.get(path, {})
        for verb in [*there, *(verb for verb in here if verb not in there)]:
            text = _difference(here.get(verb), there.get(verb))
            if text:
                found[path, verb] = text
    return found


def _difference(deployed: Method | None, live: Method | None) -> str:
    if deployed is None:
        return "is not deployed yet"
    if live is None:
        return "is deployed, but no longer among the resources"
    here, there = _comparable(deployed), _comparable(live)
    if deployed.authorization != live.authorization:
        # The summary does not tell what the other authorization was by.
        here = {name: value for name, value in here.items() if name not in ("authorizer", "scopes")}
    return "; ".join(
        f"{name}: {_shown(here[name])} is deployed, {_shown(there[name])} is not yet"
        for name in here
        if name in there and here[name] != there[name]
    )


def _comparable(method: Method) -> dict[str, Any]:
    """The parts that are compared; what is not known of one side is left out."""
    integration = method.integration
    return {
        "authorization": method.authorization,
        "API key required": method.api_key,
        **({"authorizer": method.authorizer, "scopes": sorted(method.scopes)} if integration else {}),
        **(_of_integration(integration) if integration else {}),
    }


def _of_integration(integration: Integration) -> dict[str, Any]:
    responses = {
        response.pattern or "default": (response.status, dict(response.headers), response.computed)
        for response in integration.responses
    }
    return {
        "integration": integration.type,
        "integration method": integration.http_method if integration.type != IntegrationType.MOCK else None,
        "integration URI": integration.uri,
        "request templates": dict(integration.templates),
        "passthrough behaviour": integration.passthrough,
        "content handling": integration.content_handling,
        "timeout": integration.timeout_ms or DEFAULT_TIMEOUT,
        **({} if integration.type.endswith("_PROXY") else {"integration responses": responses}),
    }


def common(
    deployed: tuple[Mapping[str, GatewayResponse], Mapping[str, Authorizer]],
    live: tuple[Mapping[str, GatewayResponse], Mapping[str, Authorizer]],
) -> dict[tuple[str, str], str]:
    """What differs for all routes: gateway responses, and authorizers that both know."""
    texts = [*_responses(deployed[0], live[0]), *_authorizers(deployed[1], live[1])]
    return {ALL: "; ".join(texts)} if texts else {}


def _responses(deployed: Mapping[str, GatewayResponse], live: Mapping[str, GatewayResponse]) -> Iterator[str]:
    for kind in sorted({*deployed, *live}):
        here, there = deployed.get(kind), live.get(kind)
        if here is None or there is None:
            yield f"gateway response {kind}: {'not deployed yet' if there else 'deployed, but removed since'}"
        elif (here.status, dict(here.headers)) != (there.status, dict(there.headers)):
            yield f"gateway response {kind}: not deployed as it is now"


def _authorizers(deployed: Mapping[str, Authorizer], live: Mapping[str, Authorizer]) -> Iterator[str]:
    for name in sorted(deployed.keys() & live.keys()):
        here, there = deployed[name], live[name]
        if (set(here.pools or ()), here.expression) != (set(there.pools or ()), there.expression):
            yield f"authorizer {name}: not deployed as it is now"


def _shown(value: object) -> str:
    text = str(value)
    return text if len(text) <= 80 else f"{text[:77]}..."
