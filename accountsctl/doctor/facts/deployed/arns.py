"""Names within ARNs and URIs, as API Gateway and Lambda write them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from accountsctl.doctor.facts.stage_variables import with_variables

FUNCTION = re.compile(r"/functions/(?P<arn>.+)/invocations$")
CLUSTER = re.compile(r"^arn:[^:]+:rds:[^:]*:\d*:cluster:[^:]+$")


def function_arn(uri: str, variables: Mapping[str, str]) -> str | None:
    """The function that an integration's or authorizer's URI calls; None for anything else, or where a stage
    variable of it is not defined."""
    found = FUNCTION.search(uri)
    return with_variables(found["arn"], variables) if found else None


def function_name(arn: str) -> str:
    """``name`` or ``name:alias`` of a function's ARN; a bare name is its own."""
    return arn.partition(":function:")[2] or arn


def called(uri: str, variables: Mapping[str, str]) -> str | None:
    """The name of the function that a URI calls, as in `Api.functions`."""
    arn = function_arn(uri, variables)
    return function_name(arn) if arn else None


def pool_id(arn: str) -> str:
    """``eu-west-1_AbC`` of a user pool's ARN."""
    return arn.rpartition("userpool/")[2]


def is_cluster(text: str) -> bool:
    """True for the ARN of a database cluster."""
    return CLUSTER.match(text) is not None
