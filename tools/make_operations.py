"""Write docs/operations.md: which operations of each AWS service the embedded cloud answers, and which it refuses.

python tools/make_operations.py            write it
python tools/make_operations.py --check    exit 1 if it is out of date
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import botocore.session
from botocore import xform_name
from botocore.model import OperationModel

from accountsctl.localcloud.cloudformation import CloudFormation
from accountsctl.localcloud.contracts.messages import Request
from accountsctl.localcloud.moto_services import apps, calls, container_registry
from accountsctl.localcloud.moto_services.lambda_calls import members
from accountsctl.localcloud.moto_services.rest_apis import checks, own
from accountsctl.localcloud.moto_services.service import Control

TARGET = Path(__file__).parents[1] / "docs/operations.md"
MODELS = {"monitoring": "cloudwatch", "states": "stepfunctions"}
"""botocore's names of the services that have another one in signatures."""
OWN_OPERATIONS = {
    "apigateway": {"GetExport", "TestInvokeAuthorizer", "TestInvokeMethod"},
}
"""What our data planes answer before a call gets to moto."""
LISTED = 40
"""Of a service that refuses more than this, only the number is stated."""
HEAD = """# The operations that the embedded cloud answers

`python tools/make_operations.py` writes this page from the code. An operation that is listed is there; what it does not
do with an argument it refuses in its own words. Every other operation, and every other service, is an error of its own
protocol with status 501. How APIs, function URLs and Lambda behave is in [The embedded cloud](embedded-cloud.md),
resource types too; the Data API has all its operations but ExecuteSql.
"""


class _Answered:
    """Which operations of a service are answered."""

    def __init__(self) -> None:
        control = Control(lambda _: None)
        control.prepare(None)
        self._formation = CloudFormation(lambda *_: None, lambda: None)

    def answers(self, scope: str, operation: OperationModel) -> bool:
        if scope == "cloudformation":
            return operation.name in self._formation.operation_names
        if scope == container_registry.SCOPE:
            return container_registry.respond(_request(operation)).status != 501
        if scope == "lambda":
            return members.is_played(operation.name)
        if operation.name in OWN_OPERATIONS.get(scope, ()):
            return True
        if scope == "apigateway" and operation.name in checks.NOT_MADE:
            return False
        if scope == "apigateway" and own.is_done_here(operation.name):
            return True
        if calls.refusal_of(scope, _request(operation)) is not None:
            return False
        return any(hasattr(handler, xform_name(operation.name)) for handler in _handlers(scope))


def _handlers(scope: str) -> list[type]:
    """moto's classes that answer the service's requests."""
    base = importlib.import_module("moto.core.responses").BaseResponse
    module = importlib.import_module(f"moto.{apps.SCOPES[scope]}.responses")
    return [
        member for member in vars(module).values() if isinstance(member, type) and issubclass(member, base)
    ]


def _request(operation: OperationModel) -> Request:
    """A request for the operation, with a word for each variable of its path."""
    path = operation.http["requestUri"].partition("?")[0]
    for name in [part.partition("}")[0] for part in path.split("{")[1:]]:
        path = path.replace(f"{{{name}}}", "x")
    headers = (("X-Amz-Target", f"Service.{operation.name}"),)
    named = () if operation.service_model.metadata["protocol"].startswith("rest") else headers
    return Request(operation.http["method"], path, "", named, b"{}")


def lines() -> Iterator[str]:
    """The page."""
    session: Any = botocore.session.get_session()
    answered = _Answered()
    yield HEAD
    yield from ("| service | answers | refuses |", "|---|---|---|")
    for scope in sorted({*apps.SCOPES, "cloudformation", container_registry.SCOPE}):
        model = session.get_service_model(MODELS.get(scope, scope))
        operations = [model.operation_model(name) for name in sorted(model.operation_names)]
        known = [operation.name for operation in operations if answered.answers(scope, operation)]
        refused = [operation.name for operation in operations if operation.name not in known]
        others = ", ".join(refused) if len(refused) <= LISTED else f"the other {len(refused)}"
        title = model.metadata.get("serviceAbbreviation", model.metadata["serviceFullName"])
        yield f"| {title} | {', '.join(known)} | {others} |"
    yield ""


def main() -> int:
    """Write or check."""
    wanted = "\n".join(lines())
    if "--check" in sys.argv[1:]:
        return int(not TARGET.exists() or TARGET.read_text("utf-8") != wanted)
    TARGET.write_text(wanted, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
