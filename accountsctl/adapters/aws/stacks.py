"""CloudFormation: what is deployed, and one change set over nested stacks, followed to its end.

    describe     current, template, outputs: reads
    deploy       create change set -> wait until it is ready -> execute -> follow
    follow       one poll = the root's status, then the new events of the root and of each nested stack

The poller is our own: botocore's waiters poll every 30 seconds, so they notice an end half a minute late.
Which resource failed first is read from the events of all nested stacks together; the root only reports that
some embedded stack was not created.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from accountsctl.adapters.aws.change_sets import ChangeSetPreparation
from accountsctl.adapters.aws.errors import translated
from accountsctl.adapters.aws.executions import CHANGE_SET_PREFIX, Execution
from accountsctl.adapters.aws.follow import follower_from_now
from accountsctl.adapters.aws.followed_operations import FollowedOperations
from accountsctl.adapters.aws.intended import intended_changes
from accountsctl.adapters.aws.stack_reads import describe_stack
from accountsctl.model.errors import CloudError
from accountsctl.model.events import Listener
from accountsctl.model.template_body import STACK
from accountsctl.ports.stacks import DeployedStack, Ending, Review, TemplateBody, accept

if TYPE_CHECKING:
    from mypy_boto3_cloudformation.literals import CapabilityType
    from mypy_boto3_cloudformation.type_defs import (
        CreateChangeSetInputTypeDef,
        ParameterTypeDef,
        StackTypeDef,
    )
    from mypy_boto3_cloudformation.type_defs import CreateChangeSetOutputTypeDef as ChangeSet

CAPABILITIES: Sequence[CapabilityType] = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]
GONE = frozenset({"DELETE_COMPLETE", "REVIEW_IN_PROGRESS"})


class CloudFormationStacks(FollowedOperations):
    """`ports.Stacks` over boto3."""

    def current(self, name: str) -> DeployedStack | None:
        """The deployed root, or None if there is none (or only a change set that was never executed)."""
        stack = describe_stack(self._client, name)
        if stack is None or stack["StackStatus"] in GONE:
            return None
        return DeployedStack(
            name=name,
            status=stack["StackStatus"],
            tags={tag["Key"]: tag["Value"] for tag in stack.get("Tags", ())},
            template=self.template(name),
            outputs=_outputs(stack),
            children=dict(self._children(name)),
            parameters={p["ParameterKey"]: p["ParameterValue"] for p in stack.get("Parameters", ())},
            changed=stack.get("LastUpdatedTime") or stack.get("CreationTime"),
        )

    def template(self, stack: str) -> TemplateBody:
        """A stack's template as it was uploaded, in long form; CloudError if it is neither JSON nor YAML."""
        with translated(f"read the template of {stack}"):
            response = self._client.get_template(StackName=stack, TemplateStage="Original")
        # botocore parses a JSON template by itself, and leaves any other text as it is.
        body: str | TemplateBody = response["TemplateBody"]
        if not isinstance(body, str):
            return body
        from accountsctl.formats.cloudformation import read_template

        read = read_template(body, stack)
        if read.faults or not isinstance(read.value, dict):
            raise CloudError(
                f"The template of the stack {stack} cannot be read.",
                why=read.faults[0].what if read.faults else "It is not an object.",
                hint="Give the environment a stackName of its own in its file; nothing was changed.",
                code="TemplateNotReadable",
            )
        template: TemplateBody = read.value
        return template

    def outputs(self, stack: str) -> Mapping[str, str]:
        """A stack's outputs; empty if there is no such stack."""
        description = describe_stack(self._client, stack)
        return _outputs(description) if description else {}

    def deploy(
        self,
        name: str,
        template: str,
        tags: Mapping[str, str],
        *,
        create: bool,
        listen: Listener,
        review: Review = accept,
    ) -> Ending | None:
        """Send `template` (a body, or the https URL of one) through one change set, and follow it."""
        change_set_name = f"{CHANGE_SET_PREFIX}{uuid.uuid4().hex[:12]}"
        execution = Execution(self._client, name, change_set_name, self._pace, self._sleep, self._where)
        with execution.cleared_when_it_fails():
            change_set = self._change_set(execution, template, tags, create)
            if change_set is None:
                return None
            if review is not accept:
                review(list(intended_changes(self._client, change_set["Id"])))
            follower = follower_from_now(
                self._client, change_set["StackId"], listen, self._where, self._clock
            )
            execution.run(change_set["StackId"])
        return follower.to_the_end(
            "CREATE_COMPLETE" if create else "UPDATE_COMPLETE", self._pace, self._sleep
        )

    def _children(self, name: str) -> Iterator[tuple[str, str]]:
        with translated(f"list the resources of {name}"):
            for page in self._client.get_paginator("list_stack_resources").paginate(StackName=name):
                for resource in page["StackResourceSummaries"]:
                    exists = resource["ResourceStatus"] != "DELETE_COMPLETE"
                    physical_id = resource.get("PhysicalResourceId")
                    if resource["ResourceType"] == STACK and exists and physical_id:
                        yield resource["LogicalResourceId"], physical_id

    def _change_set(
        self, execution: Execution, template: str, tags: Mapping[str, str], create: bool
    ) -> ChangeSet | None:
        """Id and StackId of a change set that is ready to execute; None if it would change nothing."""
        name = execution.stack
        request: CreateChangeSetInputTypeDef = {
            "StackName": name,
            "ChangeSetName": execution.change_set,
            "ChangeSetType": "CREATE" if create else "UPDATE",
            "IncludeNestedStacks": True,
            "Capabilities": CAPABILITIES,
            "Tags": [{"Key": key, "Value": value} for key, value in sorted(tags.items())],
        }
        request["TemplateURL" if template.startswith("https://") else "TemplateBody"] = template
        if create:
            request["OnStackFailure"] = "DELETE"
        else:
            # Log groups outlive their stacks, and services create them again: one that exists is taken over.
            request["ImportExistingResources"] = True
            request["Parameters"] = self._kept_parameters(name, template)
        change_set = execution.create(request)
        preparation = ChangeSetPreparation(self._client, self._pace, self._sleep)
        return change_set if preparation.ready(name, change_set["Id"]) else None

    def _kept_parameters(self, name: str, template: str) -> list[ParameterTypeDef]:
        """The parameters of a root that keep their values: an adopted one has some, a root of ours has none."""
        declared = None if template.startswith("https://") else json.loads(template).get("Parameters", {})
        if declared == {}:
            return []
        stack = describe_stack(self._client, name)
        given = [parameter["ParameterKey"] for parameter in stack.get("Parameters", ())] if stack else []
        return [
            {"ParameterKey": key, "UsePreviousValue": True}
            for key in given
            if declared is None or key in declared
        ]


def _outputs(stack: StackTypeDef) -> dict[str, str]:
    return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", ())}
