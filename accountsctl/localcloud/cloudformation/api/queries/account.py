"""What concerns the account as a whole, or services of CloudFormation that have nothing here."""

from __future__ import annotations

from accountsctl.localcloud.cloudformation.api.requests import Input, Operations, Output
from accountsctl.localcloud.cloudformation.runtime.stack_runtime import StackRuntime

LIMITS = {"StackLimit": 2000, "StackOutputsLimit": 200, "ConcurrentResourcesLimit": 2500}


class AccountQueries:
    """Read operations, as `operations` lists them."""

    def __init__(self, runtime: StackRuntime) -> None:
        self._runtime = runtime
        self.operations: Operations = {
            "DescribeAccountLimits": self.describe_account_limits,
            "DescribeChangeSetHooks": self.describe_change_set_hooks,
            "ListStackSets": self.list_stack_sets,
        }

    def describe_account_limits(self, _: Input, __: str) -> Output:
        return {"AccountLimits": [{"Name": name, "Value": value} for name, value in LIMITS.items()]}

    def describe_change_set_hooks(self, request: Input, region: str) -> Output:
        """No hooks are there to be called: change sets are planned without any."""
        store = self._runtime.store
        change_set = store.change_set(request["ChangeSetName"], request.get("StackName"), region)
        return {
            "ChangeSetId": change_set.id,
            "ChangeSetName": change_set.name,
            "Hooks": [],
            "Status": "PLANNED",
            "StackId": change_set.stack_id,
            "StackName": change_set.stack_name,
        }

    def list_stack_sets(self, _: Input, __: str) -> Output:
        """None: CreateStackSet is refused."""
        return {"Summaries": []}
