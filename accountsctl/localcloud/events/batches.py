"""What a function's response says about the batch that it was invoked with.

https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting
"""

from __future__ import annotations

import json
from collections.abc import Collection

from accountsctl.localcloud.contracts.event_sources import SourceMapping
from accountsctl.localcloud.contracts.lookups import Invocation


def failed_items(mapping: SourceMapping, run: Invocation, known: Collection[str]) -> set[str]:
    """The identifiers of those items of `known` that failed; all of them if the function did.

    A report that Lambda cannot read, or that names an unknown item, counts as the failure of the whole batch.
    """
    if run.error is not None:
        return set(known)
    if not mapping.partial:
        return set()
    try:
        response = json.loads(run.payload)
    except ValueError:
        return set(known)
    if response is None or response == "":
        return set()
    if not isinstance(response, dict):
        return set(known)
    failures = response.get("batchItemFailures") or []
    named = {str(item.get("itemIdentifier")) if isinstance(item, dict) else "" for item in failures}
    return named if named <= set(known) else set(known)
