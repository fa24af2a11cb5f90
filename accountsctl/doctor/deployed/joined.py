"""A deployed API with what only sources tell: the handlers of its functions.

AWS tells a function's configuration and not what its code answers. Which function of the project a deployed one
is, is told by the route that both layers know.
"""

from __future__ import annotations

from dataclasses import replace

from accountsctl.doctor.facts import Api, Handler


def with_sources(deployed: Api, static: Api) -> Api:
    """The deployed API, its functions with the handlers of the static one's. Their places stay the sources'."""
    handlers: dict[str, Handler] = {}
    for path, methods in deployed.routes.items():
        for verb, method in methods.items():
            other = static.routes.get(path, {}).get(verb)
            key = method.integration.function if method.integration else None
            same = other.integration.function if other and other.integration else None
            source = static.functions.get(same or "")
            if key is not None and source is not None and source.handler is not None:
                handlers[key] = source.handler
    return replace(
        deployed,
        functions={
            key: replace(each, handler=handlers.get(key, each.handler))
            for key, each in deployed.functions.items()
        },
    )
