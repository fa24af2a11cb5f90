"""What an HTTP API takes of integrations: proxies alone.

An import of another type is a warning, and does not stop the API from being made unless FailOnWarnings is true; what a
route with such an integration then answers is not documented.
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-open-api.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from accountsctl.doctor.facts.model import Method
from accountsctl.model.api_gateway import MAPPED

Routes = Mapping[str, Mapping[str, Method]]
WHY = (
    "An HTTP API takes proxy integrations alone (AWS_PROXY, HTTP_PROXY): API Gateway warns of the {type}, and what the "
    "route answers then is not documented. Give the API a CorsConfiguration in place of such an OPTIONS."
)


def with_proxies_alone(routes: Routes) -> tuple[Routes, tuple[tuple[str, str], ...]]:
    """The routes, those of which the answer is not known without their integration; and what is not known."""
    kept: dict[str, dict[str, Method]] = {}
    gaps = []
    for path, methods in routes.items():
        for verb, method in methods.items():
            kind = method.integration.type if method.integration else ""
            if kind in MAPPED:
                gaps.append((f"what {verb} {path} answers", WHY.format(type=kind)))
                method = replace(method, integration=None)
            kept.setdefault(path, {})[verb] = method
    return kept, tuple(gaps)
