"""What the API shows of stacks: their state, events, resources and policies."""

from __future__ import annotations

from accountsctl.localcloud.cloudformation.api import describe
from accountsctl.localcloud.cloudformation.api.paging import PAGE
from accountsctl.localcloud.cloudformation.api.requests import Input, Operations, Output
from accountsctl.localcloud.cloudformation.errors import CloudFormationError
from accountsctl.localcloud.cloudformation.runtime.state import Record, Stack
from accountsctl.localcloud.cloudformation.runtime.store import GONE, Store


class StackQueries:
    """Read operations, as `operations` lists them. Answers are whole; see `paging`."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.operations: Operations = {
            "DescribeEvents": self.describe_events,
            "DescribeStackEvents": self.describe_stack_events,
            "DescribeStackResource": self.describe_stack_resource,
            "DescribeStackResources": self.describe_stack_resources,
            "DescribeStacks": self.describe_stacks,
            "GetStackPolicy": self.get_stack_policy,
            "ListStackResources": self.list_stack_resources,
            "ListStacks": self.list_stacks,
        }

    def describe_stacks(self, request: Input, region: str) -> Output:
        if "StackName" in request:
            return {"Stacks": [describe.stack(self._store.get(request["StackName"], region))]}
        alive = [stack for stack in self._all(region) if stack.status != GONE]
        return {"Stacks": [describe.stack(stack) for stack in alive]}

    def list_stacks(self, request: Input, region: str) -> Output:
        wanted = request.get("StackStatusFilter") or []
        stacks = [stack for stack in self._all(region) if not wanted or stack.status in wanted]
        return {"StackSummaries": [describe.summary(stack) for stack in stacks]}

    def describe_stack_events(self, request: Input, region: str) -> Output:
        found = self._store.find(request.get("StackName", ""), region)
        if found is None:
            raise CloudFormationError(f"Stack [{request.get('StackName')}] does not exist")
        return {"StackEvents": [describe.stack_event(event) for event in reversed(found.events)]}

    def describe_events(self, request: Input, region: str) -> Output:
        if request.get("ChangeSetName"):
            change_set = self._store.change_set(request["ChangeSetName"], request.get("StackName"), region)
            return {"OperationEvents": list(change_set.events)}
        if "StackName" in request:
            stacks = [self._store.get(request["StackName"], region)]
        elif "OperationId" in request:
            stacks = self._all(region)
        else:
            raise CloudFormationError("One of StackName, ChangeSetName or OperationId must be specified")
        events = [describe.operation_event(event) for stack in stacks for event in reversed(stack.events)]
        if "OperationId" in request:
            events = [event for event in events if event["OperationId"] == request["OperationId"]]
        if (request.get("Filters") or {}).get("FailedEvents"):
            events = [event for event in events if event["ResourceStatus"].endswith("_FAILED")]
        return {"OperationEvents": events}

    def describe_stack_resources(self, request: Input, region: str) -> Output:
        stack = self._owner(request, region)
        wanted = request.get("LogicalResourceId")
        physical = request.get("PhysicalResourceId")
        found = [
            describe.resource(stack, record)
            for record in self._records(stack)
            if wanted in (None, record.logical_id) and physical in (None, record.physical_id)
        ]
        return {"StackResources": found[:PAGE]}  # ListStackResources has pages; this has the first only

    def describe_stack_resource(self, request: Input, region: str) -> Output:
        stack = self._store.find(request["StackName"], region)
        if stack is None:
            raise CloudFormationError(f"Stack '{request['StackName']}' does not exist")
        record = stack.resources.get(request["LogicalResourceId"])
        if record is None:
            raise CloudFormationError(
                f"Resource {request['LogicalResourceId']} does not exist for stack {request['StackName']}"
            )
        return {"StackResourceDetail": describe.resource(stack, record)}

    def list_stack_resources(self, request: Input, region: str) -> Output:
        stack = self._store.get(request["StackName"], region)
        records = self._records(stack)
        return {"StackResourceSummaries": [describe.resource(stack, record) for record in records]}

    def get_stack_policy(self, request: Input, region: str) -> Output:
        stack = self._store.get(request["StackName"], region)
        override = stack.policy_during_update if stack.busy else None
        return {"StackPolicyBody": override or stack.policy}

    def _all(self, region: str) -> list[Stack]:
        """Newest first."""
        with self._store.lock:
            return [stack for stack in reversed(self._store.stacks.values()) if stack.region == region]

    def _records(self, stack: Stack) -> list[Record]:
        """A stack's resources by logical id."""
        with self._store.lock:
            return [stack.resources[name] for name in sorted(stack.resources)]

    def _owner(self, request: Input, region: str) -> Stack:
        if "StackName" in request:
            return self._store.get(request["StackName"], region)
        physical = request.get("PhysicalResourceId")
        for stack in self._all(region):
            if any(physical == record.physical_id for record in stack.resources.values()):
                return stack
        raise CloudFormationError(f"Stack for {physical} does not exist")
