"""What a cloud that does not run had saved: its stacks, read in this process without starting it.

For a look that changes nothing. A start would: it ends what a kill cut off, unpacks functions, and writes the state.
Only CloudFormation's own part of the state is opened, which is JSON; what moto holds stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NoReturn

from accountsctl.localcloud.cloudformation import CloudFormation
from accountsctl.localcloud.contracts.clients import Hook, answered_by
from accountsctl.localcloud.contracts.dispatch import target
from accountsctl.localcloud.contracts.identity import caller_identity
from accountsctl.localcloud.contracts.lookups import ACCOUNT, PARTITION
from accountsctl.localcloud.contracts.messages import Request, Response
from accountsctl.localcloud.daemon_link import LocalCloudError
from accountsctl.localcloud.moto_services.calls import operation, reads
from accountsctl.localcloud.moto_services.errors import refusal
from accountsctl.localcloud.state import snapshot
from accountsctl.localcloud.state.trust import TrustError

CALLER = f"arn:{PARTITION}:sts::{ACCOUNT}:user/moto"


def saved_cloud(data: Path) -> Hook:
    """botocore's hook ``before-send`` that answers what reads stacks; an empty cloud if nothing was saved.

    Raises LocalCloudError if the state cannot be read.
    """
    try:
        state = snapshot.read(data / "state", keep_aside=False)
    except (snapshot.StateError, TrustError) as fault:
        raise LocalCloudError(str(fault), fault.hint) from fault
    cloudformation = CloudFormation(_no_services, _nothing)
    if state is not None:
        services: Mapping[str, Any] = state.services
        cloudformation.load(services["cloudformation"])
    return answered_by(_reading(cloudformation))


def _reading(cloudformation: CloudFormation) -> Callable[[Request], Response]:
    def handle(request: Request) -> Response:
        where = target(request)
        if where.service == "cloudformation" and reads(request):
            return cloudformation.handle(request, where.region)
        if where.scope == "sts" and operation(request) == "GetCallerIdentity":
            return caller_identity(CALLER, "local")
        what = operation(request) or f"{request.method} {request.path}"
        return refusal(where.scope, 501, "UnsupportedOperation", f"{what} needs the embedded cloud to run.")

    return handle


def _no_services(service: str, region: str) -> NoReturn:
    raise LocalCloudError(
        f"{service} in {region} needs the embedded cloud to run.", "accountsctl local start"
    )


def _nothing() -> None:
    """Nothing is saved."""
