"""Who sends the API key that a method asks for: the page in a header, or the authorizer in its answer."""

from __future__ import annotations

from dataclasses import replace

from accountsctl.doctor.facts.model import Method, Routes


def keys_of_pages(routes: Routes, source: object) -> dict[str, dict[str, Method]]:
    """The routes, whose methods ask a page for a key only if the API's key `source` is not its authorizer.

    A preflight has no authorizer, so its key can come from no one.

    Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-key-source.html
    """
    given = str(source).upper() == "AUTHORIZER"
    return {
        path: {
            verb: replace(method, api_key=False) if given and verb != "OPTIONS" else method
            for verb, method in methods.items()
        }
        for path, methods in routes.items()
    }
