"""What is to be said of a fault that is deployed and in no file: of an older push, or made without a push."""

from __future__ import annotations

from accountsctl.doctor.diagnosis.diagnose import Diagnosis
from accountsctl.doctor.facts.places import Layer

PUSH_IT = "accountsctl push: the project's files do not have this fault"
IF_PUSHED = (
    "If push has nothing to change, the API was changed without a push, which no push undoes (accountsctl drift names "
    "what differs). Change it there:"
)
NOT_IN_FILES = (
    "only what is deployed has this fault. accountsctl push; if that has nothing to change, accountsctl drift"
)


def is_only_deployed(found: Diagnosis) -> bool:
    """Whether what is deployed shows the root cause, and no file does."""
    if found.root is None or found.root.card.id == "deploy.stale":
        return False
    layers = {evidence.place.layer for evidence in found.root.evidence}
    return Layer.DEPLOYED in layers and Layer.STATIC not in layers
