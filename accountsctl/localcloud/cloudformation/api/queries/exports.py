"""Exports, and the stacks that import them."""

from __future__ import annotations

from accountsctl.localcloud.cloudformation.api.requests import Input, Operations, Output
from accountsctl.localcloud.cloudformation.errors import CloudFormationError
from accountsctl.localcloud.cloudformation.runtime.store import Store


class ExportQueries:
    """Read operations, as `operations` lists them. Answers are never paged."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.operations: Operations = {
            "ListExports": self.list_exports,
            "ListImports": self.list_imports,
        }

    def list_exports(self, _: Input, region: str) -> Output:
        found = [
            {
                "ExportingStackId": stack.id,
                "Name": output["ExportName"],
                "Value": output["OutputValue"],
            }
            for stack, output in self._store.exports(region)
        ]
        return {"Exports": found}

    def list_imports(self, request: Input, region: str) -> Output:
        users = self._store.importers(request["ExportName"], region)
        if not users:
            raise CloudFormationError(f"Export '{request['ExportName']}' is not imported by any stack.")
        return {"Imports": users}
