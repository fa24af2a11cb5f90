"""Refusals of emulators of API Gateway on a developer's machine, by their words, or by the length of these."""

from __future__ import annotations

import re

from accountsctl.doctor.facts.exchanges import Exchange
from accountsctl.doctor.facts.responders import server_of

_NO_ROUTE = re.compile(r'^\{\s*"message"\s*:\s*"Missing Authentication Token"\s*\}\s*$')
_NO_ROUTE_LENGTHS = range(42, 45)
"""Bytes: the same message, as emulators of API Gateway (sam local) write it for a path or method that has no route."""
_EMULATORS = ("werkzeug", "hypercorn", "localstack", "amazon")
"""The beginnings of their Server header; a framework's own refusal may be as long."""
# LocalStack's router of REST APIs: services/apigateway/next_gen/execute_api/router.py
_NOT_DEPLOYED = "The API id '{}' does not correspond to a deployed API Gateway API"
_IS_NOT_DEPLOYED = re.compile(_NOT_DEPLOYED.format("[^']*"))
_ID_OF_API = re.compile(r"/(?:restapis|_aws/execute-api)/([^/?]+)|//([^./]+)\.execute-api\.")


def has_no_route(real: Exchange) -> bool:
    """Whether an emulator of API Gateway knows no such route: by its words, their length, or sam local's server.

    sam local is Flask, whose own refusals are pages.
    """
    if real.body is not None:
        return bool(_NO_ROUTE.match(real.body))
    if real.answer is None or not (real.answer.value("content-type") or "").startswith("application/json"):
        return False
    server = server_of(real.answer)
    if real.length is None:
        return server.startswith("werkzeug")
    return real.length in _NO_ROUTE_LENGTHS and (not server or server.startswith(_EMULATORS))


def is_not_deployed(real: Exchange) -> bool:
    """Whether LocalStack has no deployment of the API at this stage: it says so with 404, where AWS has 403."""
    if real.body is not None:
        return _IS_NOT_DEPLOYED.search(real.body) is not None
    found = _ID_OF_API.search(real.url)
    if found is None or real.answer is None:
        return False
    if not (real.answer.value("content-type") or "").startswith("application/json"):
        return False
    body = f'{{"message": "{_NOT_DEPLOYED.format(found[1] or found[2])}"}}'
    # As json.dumps writes it, and without the space.
    return real.length in (len(body), len(body) - 1)
