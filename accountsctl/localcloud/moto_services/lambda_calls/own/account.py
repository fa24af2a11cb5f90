"""The account's limits and what it uses, and code signing, which no function has here."""

from __future__ import annotations

from accountsctl.localcloud.moto_services.apps import JsonObject
from accountsctl.localcloud.moto_services.lambda_calls.operations import LambdaCall
from accountsctl.localcloud.moto_services.lambda_calls.own import concurrency, names

LIMITS = {"TotalCodeSize": 80530636800, "CodeSizeUnzipped": 262144000, "CodeSizeZipped": 52428800}
"""https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"""


def settings(call: LambdaCall) -> JsonObject:
    """GetAccountSettings."""
    entries = call.backend._lambdas._functions.values()
    code = [one.code_size for entry in entries for one in (entry["latest"], *entry["versions"])]
    limits = {
        **LIMITS,
        "ConcurrentExecutions": concurrency.ACCOUNT_CONCURRENCY,
        "UnreservedConcurrentExecutions": concurrency.unreserved(call),
    }
    return {
        "AccountLimit": limits,
        "AccountUsage": {"TotalCodeSize": sum(code), "FunctionCount": len(entries)},
    }


def code_signing(call: LambdaCall) -> JsonObject:
    """GetFunctionCodeSigningConfig and DeleteFunctionCodeSigningConfig of a function that has none."""
    names.latest(call)
    return {}
