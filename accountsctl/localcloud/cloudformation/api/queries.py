"""The reading half of CloudFormation's public API; see `api` for the half that changes things."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from accountsctl.localcloud.cloudformation.api import describe
from accountsctl.localcloud.cloudformation.errors import CloudFormationError
from accountsctl.localcloud.cloudformation.runtime.artifacts import read_template
from accountsctl.localcloud.cloudformation.runtime.stack_runtime import ClientFactory
from accountsctl.localcloud.cloudformation.runtime.state import Stack
from accountsctl.localcloud.cloudformation.runtime.store import GONE, Store
from accountsctl.localcloud.cloudformation.template.parsing import ParsedTemplate, load

Input = Mapping[str, Any]
Output = dict[str, Any]


class Queries:
    """The read operations that are imitated, as `operations` lists them. Answers are never paged."""

    def __init__(self, store: Store, clients: ClientFactory) -> None:
        self._store = store
        self._clients = clients
        self.operations: dict[str, Callable[[Input, str], Output]] = {
            "DescribeChangeSet": self.describe_change_set,
            "DescribeEvents": self.describe_events,
            "DescribeStackEvents": self.describe_stack_events,
            "DescribeStackResource": self.describe_stack_resource,
            "DescribeStackResources": self.describe_stack_resources,
            "DescribeStacks": self.describe_stacks,
            "GetStackPolicy": self.get_stack_policy,
            "GetTemplate": self.get_template,
            "GetTemplateSummary": self.get_template_summary,
            "ListChangeSets": self.list_change_sets,
            "ListExports": self.list_exports,
            "ListImports": self.list_imports,
            "ListStackResources": self.list_stack_resources,
            "ListStacks": self.list_stacks,
            "ValidateTemplate": self.validate_template,
        }

    def describe_stacks(self, it: Input, region: str) -> Output:
        if "StackName" in it:
            return {"Stacks": [describe.stack(self._store.get(it["StackName"], region))]}
        alive = [stack for stack in self._all(region) if stack.status != GONE]
        return {"Stacks": [describe.stack(stack) for stack in alive]}

    def list_stacks(self, it: Input, region: str) -> Output:
        wanted = it.get("StackStatusFilter") or []
        found = [stack for stack in self._all(region) if not wanted or stack.status in wanted]
        return {"StackSummaries": [describe.summary(stack) for stack in found]}

    def describe_stack_events(self, it: Input, region: str) -> Output:
        found = self._store.find(it.get("StackName", ""), region)
        if found is None:
            raise CloudFormationError(f"Stack [{it.get('StackName')}] does not exist")
        return {"StackEvents": list(reversed(found.events))}

    def describe_events(self, it: Input, region: str) -> Output:
        if it.get("ChangeSetName"):
            raise CloudFormationError("The embedded cloud does not record events of change sets")
        if "StackName" in it:
            stacks = [self._store.get(it["StackName"], region)]
        elif "OperationId" in it:
            stacks = self._all(region)
        else:
            raise CloudFormationError("One of StackName, ChangeSetName or OperationId must be specified")
        events = [describe.operation_event(event) for stack in stacks for event in reversed(stack.events)]
        if "OperationId" in it:
            events = [event for event in events if event["OperationId"] == it["OperationId"]]
        if (it.get("Filters") or {}).get("FailedEvents"):
            events = [event for event in events if event["ResourceStatus"].endswith("_FAILED")]
        return {"OperationEvents": events}

    def describe_stack_resources(self, it: Input, region: str) -> Output:
        stack = self._owner(it, region)
        wanted = it.get("LogicalResourceId")
        physical = it.get("PhysicalResourceId")
        found = [
            describe.resource(stack, record)
            for record in list(stack.resources.values())
            if wanted in (None, record.logical_id) and physical in (None, record.physical_id)
        ]
        return {"StackResources": found}

    def describe_stack_resource(self, it: Input, region: str) -> Output:
        stack = self._store.get(it["StackName"], region)
        record = stack.resources.get(it["LogicalResourceId"])
        if record is None:
            raise CloudFormationError(
                f"Resource {it['LogicalResourceId']} does not exist for stack {it['StackName']}"
            )
        return {"StackResourceDetail": describe.resource(stack, record)}

    def list_stack_resources(self, it: Input, region: str) -> Output:
        stack = self._store.get(it["StackName"], region)
        records = list(stack.resources.values())
        return {"StackResourceSummaries": [describe.resource(stack, record) for record in records]}

    def get_template(self, it: Input, region: str) -> Output:
        if "ChangeSetName" in it:
            change_set = self._store.change_set(it["ChangeSetName"], it.get("StackName"), region)
            text = change_set.request["text"] if change_set.request else ""
        else:
            text = self._store.get(it.get("StackName", ""), region).definition.text
        return {"TemplateBody": text, "StagesAvailable": ["Original", "Processed"]}

    def get_template_summary(self, it: Input, region: str) -> Output:
        return describe.template_summary(self._template(it, region))

    def validate_template(self, it: Input, region: str) -> Output:
        return describe.template_summary(self._template(it, region))

    def get_stack_policy(self, it: Input, region: str) -> Output:
        return {"StackPolicyBody": self._store.get(it["StackName"], region).policy}

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

    def list_imports(self, it: Input, region: str) -> Output:
        users = self._store.importers(it["ExportName"], region)
        if not users:
            raise CloudFormationError(f"Export '{it['ExportName']}' is not imported by any stack.")
        return {"Imports": users}

    def describe_change_set(self, it: Input, region: str) -> Output:
        change_set = self._store.change_set(it["ChangeSetName"], it.get("StackName"), region)
        with self._store.lock:
            return describe.change_set(change_set, bool(it.get("IncludePropertyValues")))

    def list_change_sets(self, it: Input, region: str) -> Output:
        stack = self._store.get(it["StackName"], region)
        with self._store.lock:
            mine = [c for c in self._store.change_sets.values() if c.stack_id == stack.id]
        return {"Summaries": [describe.change_set_summary(change_set) for change_set in mine]}

    def _all(self, region: str) -> list[Stack]:
        """Newest first."""
        with self._store.lock:
            return [it for it in reversed(self._store.stacks.values()) if it.region == region]

    def _owner(self, it: Input, region: str) -> Stack:
        if "StackName" in it:
            return self._store.get(it["StackName"], region)
        physical = it.get("PhysicalResourceId")
        for stack in self._all(region):
            if any(physical == record.physical_id for record in stack.resources.values()):
                return stack
        raise CloudFormationError(f"Stack for {physical} does not exist")

    def _template(self, it: Input, region: str) -> ParsedTemplate:
        if "TemplateBody" in it:
            return load(it["TemplateBody"])
        if "TemplateURL" in it:
            return load(read_template(it["TemplateURL"], self._clients, region))
        if "StackName" in it:
            return load(self._store.get(it["StackName"], region).definition.text)
        raise CloudFormationError("Either Template URL or Template Body must be specified.")
