"""Stage variables in the URI of an integration: ``${stageVariables.name}``.

https://docs.aws.amazon.com/apigateway/latest/developerguide/aws-api-gateway-stage-variables-reference.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_VARIABLE = re.compile(r"\$\{stageVariables\.(\w+)\}")


def stage_variables(uri: str) -> frozenset[str]:
    """The names of the stage variables that a URI uses."""
    return frozenset(_VARIABLE.findall(uri))


def with_variables(uri: str, variables: Mapping[str, str]) -> str | None:
    """A URI with the values of its stage variables; None if one is not defined."""
    if stage_variables(uri) - variables.keys():
        return None
    return _VARIABLE.sub(lambda found: str(variables[found[1]]), uri)
