"""The causes that a line of API Gateway's execution log names, where the response alone fits several.

https://repost.aws/knowledge-center/api-gateway-internal-server-error, malformed-502-api-gateway,
api-gateway-lambda-stage-variable-500, api-gateway-504-errors; for a function's own errors Lambda's texts.
"""

from __future__ import annotations

import re

from accountsctl.doctor.catalogue.other_services import signature_refused_in

# The first that fits counts: what a function reports stands in the same sentence as any other error of it.
_REASONS = tuple(
    (re.compile(text, re.IGNORECASE), frozenset(ids))
    for text, ids in (
        ("malformed lambda proxy response", {"int.malformed"}),
        ("invalid permissions on lambda function", {"int.no-permission", "int.wrong-source-arn"}),
        ("DatabaseResumingException", {"int.aurora-resume"}),
        ("task timed out", {"int.lambda-timeout"}),
        ("failed with status: ?429|rate exceeded|TooManyRequestsException", {"int.lambda-throttled"}),
        ("exceeded maximum allowed payload size", {"int.response-too-big"}),
        (r"customer function error|\bRuntime\.[A-Z]\w+|unable to import module", {"int.throws"}),
        ("due to a timeout error", {"int.gateway-timeout"}),
        ("no match for output mapping", {"int.selection-pattern", "preflight.mock-status-unmapped"}),
        ("statusCode should be an integer", {"preflight.mock-no-template"}),
        ("invalid method response|unable to transform", {"int.mapping-template", "preflight.binary-media"}),
        ("not authorized because method", {"auth.api-key"}),
        ("authorizer error", {"auth.lambda-authorizer-500"}),
        ("not configured to allow the HTTP request method", {"edge.cf-methods"}),
        ("invalid endpoint address|network error communicating|certificate", {"int.http-backend"}),
    )
)


_RESPONSES = ("This distribution ", "<Code>")
"""How the errors of CloudFront and S3 begin, which stand in the response."""


def is_of_response(line: str) -> bool:
    """Whether a line is of a response's body, and not of a log."""
    return line.startswith(_RESPONSES)


def causes_of_line(line: str) -> frozenset[str]:
    """The ids of the causes that the line names; empty if it names none that is known."""
    named = next((ids for pattern, ids in _REASONS if pattern.search(line)), frozenset())
    refused = "" if named else signature_refused_in(line)
    return frozenset({refused}) if refused else named
