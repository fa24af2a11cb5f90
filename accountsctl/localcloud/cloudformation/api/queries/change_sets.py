"""What the API shows of change sets."""

from __future__ import annotations

from accountsctl.localcloud.cloudformation.api import describe
from accountsctl.localcloud.cloudformation.api.requests import Input, Operations, Output
from accountsctl.localcloud.cloudformation.runtime.store import Store


class ChangeSetQueries:
    """Read operations, as `operations` lists them. Answers are whole; see `paging`."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.operations: Operations = {
            "DescribeChangeSet": self.describe_change_set,
            "ListChangeSets": self.list_change_sets,
        }

    def describe_change_set(self, request: Input, region: str) -> Output:
        change_set = self._store.change_set(request["ChangeSetName"], request.get("StackName"), region)
        with self._store.lock:
            return describe.change_set(change_set, bool(request.get("IncludePropertyValues")))

    def list_change_sets(self, request: Input, region: str) -> Output:
        stack = self._store.get(request["StackName"], region)
        with self._store.lock:
            change_sets = [one for one in self._store.change_sets.values() if one.stack_id == stack.id]
        return {"Summaries": [describe.change_set_summary(change_set) for change_set in change_sets]}
