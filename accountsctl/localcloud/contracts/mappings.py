"""Mappings of parameters of REST APIs: which of them API Gateway refuses when they are put, in its own words.

https://docs.aws.amazon.com/apigateway/latest/developerguide/request-response-data-mappings.html
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping

INVALID = "Invalid mapping expression specified: Validation Result: warnings : [], errors : [{}]"
_UNKNOWN = "Invalid mapping expression parameter specified: {}"
_WRONG = "Invalid mapping expression specified: {}"
_PARAMETER = re.compile(
    r"method\.request\.(?P<place>path|querystring|header|multivaluequerystring|multivalueheader)\.(?P<name>.+)"
)
_SOURCE = re.compile(
    r"'.*'|(integration\.response\.(body|header|multivalueheader)|context|stageVariables)\b.*", re.DOTALL
)


def parameter_faults(names: Iterable[str]) -> Iterator[str]:
    """What is wrong with the parameters that a method declares."""
    plain: set[str] = set()
    for name in names:
        found = _PARAMETER.fullmatch(name)
        if found is None:
            yield INVALID.format(_WRONG.format(name))
        elif found["name"] in plain:
            yield "Parameter names must be unique across querystring, header and path"
        else:
            plain.add(found["name"])


def request_faults(declared: Container[str], mapped: Iterable[str]) -> Iterator[str]:
    """What is wrong with the sources of an integration's request; `declared` are the method's parameters."""
    for source in mapped:
        if _PARAMETER.fullmatch(source) and source not in declared:
            yield INVALID.format(_UNKNOWN.format(source))


def response_faults(declared: Container[str], mapped: Mapping[str, str]) -> Iterator[str]:
    """What is wrong with the headers of an integration's response; `declared` are those of the method's response."""
    for target, source in mapped.items():
        if target not in declared:
            yield INVALID.format(_UNKNOWN.format(target))
        if not _SOURCE.fullmatch(source):
            yield INVALID.format(_WRONG.format(source))
