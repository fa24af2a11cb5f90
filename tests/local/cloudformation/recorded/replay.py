"""One sequence of calls to CloudFormation, and its comparison with what was recorded: the tools of the cases."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from tests.local.recorded.comparison import Comparison

CAPABILITIES = ["CAPABILITY_AUTO_EXPAND", "CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"]
"""What the recorded deployments allow."""

NUMBERS = itertools.count()
UNFINISHED = ("_IN_PROGRESS", "CREATE_PENDING")
Template = Mapping[str, Any] | str


@cache
def recordings() -> dict[str, Any]:
    """Every recorded sequence, by its name."""
    found: dict[str, Any] = json.loads(Path(__file__).with_name("recordings.json").read_text())
    return found


def keyed(parameters: Mapping[str, str] | None) -> list[dict[str, str]]:
    """Parameters as the API takes them."""
    pairs = (parameters or {}).items()
    return [{"ParameterKey": key, "ParameterValue": value} for key, value in pairs]


def written(template: Template) -> str:
    return template if isinstance(template, str) else json.dumps(template)


class StackCalls(Comparison):
    """What is read of CloudFormation, and waited for."""

    def __init__(self, clients: Callable[[str], Any], name: str) -> None:
        super().__init__(recordings()[name]["steps"])
        self.clients = clients
        self.formation = clients("cloudformation")

    def ask(self, operation: str, **arguments: Any) -> Any:
        """CloudFormation's answer, an error's too."""
        try:
            return getattr(self.formation, operation)(**arguments)
        except ClientError as error:
            detail = error.response["Error"]
            if detail["Code"] == "UnsupportedOperation" or detail["Message"].startswith("The embedded cloud"):
                self.refusals.append(f"{operation}: {detail['Message']}")
            return error.response

    def name(self, kind: str = "recorded") -> str:
        return f"{kind}-{next(NUMBERS)}"

    def message(self, operation: str, **arguments: Any) -> str:
        """The text of the error that a call ends with, as boto3 writes it."""
        error = self.ask(operation, **arguments).get("Error", {})
        name = self.formation.meta.method_to_api_mapping[operation]
        return f"An error occurred ({error.get('Code')}) when calling the {name} operation: {error.get('Message')}"

    def stack(self, stack: str) -> Any:
        return self.formation.describe_stacks(StackName=stack)["Stacks"][0]

    def described(self, stack: str) -> Any:
        return self.ask("describe_stacks", StackName=stack)

    def outputs(self, stack: str) -> dict[str, str]:
        found = self.stack(stack).get("Outputs", [])
        return {output["OutputKey"]: output["OutputValue"] for output in found}

    def events(self, stack: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.formation.describe_stack_events(StackName=stack)["StackEvents"]
        return found

    def ended(self, stack: str) -> None:
        self.settle(lambda: self.stack(stack)["StackStatus"])

    def settle(self, status: Callable[[], str]) -> None:
        """Wait until what `status` gives is the end of an operation, for half a minute."""
        end = time.monotonic() + 30
        while time.monotonic() < end:
            now = status()
            if not now.endswith(UNFINISHED) or now == "REVIEW_IN_PROGRESS":
                return
            time.sleep(0.02)
        raise AssertionError(f"still {now}")


class StackReplay(StackCalls):
    """Makes calls for one sequence, and deletes in the end what it made."""

    def __init__(self, clients: Callable[[str], Any], name: str) -> None:
        super().__init__(clients, name)
        self._stacks: list[str] = []

    def change_set(
        self, stack: str, template: Template, kind: str = "UPDATE", parameters: Any = None, **more: Any
    ) -> Any:
        """The answer to CreateChangeSet, once the change set has ended."""
        arguments = {
            "StackName": stack, "ChangeSetName": self.name("changes"), "ChangeSetType": kind,
            "TemplateBody": written(template), "Parameters": keyed(parameters), **more,
        }  # fmt: skip
        made = self.ask("create_change_set", **arguments)
        if "Id" in made:
            self._stacks.append(made["StackId"])
            self.settle(lambda: self.formation.describe_change_set(ChangeSetName=made["Id"])["Status"])
        return made

    def execute(self, change_set: str, stack: str) -> Any:
        """The answer to ExecuteChangeSet, once the stack has settled."""
        answer = self.ask("execute_change_set", ChangeSetName=change_set)
        self.ended(stack)
        return answer

    def deploy(
        self, template: Template, parameters: Any = None, stack: str | None = None, **more: Any
    ) -> str:
        """Create a stack by a change set, or update `stack`; gives its ARN."""
        kind = "UPDATE" if stack else "CREATE"
        made = self.change_set(
            stack or self.name(), template, kind, parameters, **{"Capabilities": CAPABILITIES, **more}
        )
        if "Id" not in made:
            raise AssertionError(made["Error"]["Message"])
        self.execute(made["Id"], made["StackId"])
        return str(made["StackId"])

    def create(self, template: Template, parameters: Any = None, **more: Any) -> Any:
        """The answer to CreateStack, once the stack has settled."""
        arguments = {
            "StackName": self.name(), "TemplateBody": written(template), "Parameters": keyed(parameters), **more,
        }  # fmt: skip
        made = self.ask("create_stack", **arguments)
        if "StackId" in made:
            self._stacks.append(made["StackId"])
            self.ended(made["StackId"])
        return made

    def update(self, stack: str, **arguments: Any) -> Any:
        """The answer to UpdateStack, once the stack has settled."""
        answer = self.ask("update_stack", StackName=stack, **arguments)
        self.ended(stack)
        return answer

    def delete(self, stack: str, **more: Any) -> None:
        self.formation.delete_stack(StackName=stack, **more)
        self.ended(stack)

    def clean_up(self) -> None:
        """Delete the stacks that the sequence left."""
        for stack in dict.fromkeys(self._stacks):
            self.ask("delete_stack", StackName=stack)


Case = Callable[[StackReplay], None]
CASES: dict[str, Case] = {}


def case(function: Case) -> Case:
    """Register the replay of the recording that has the function's name."""
    CASES[function.__name__] = function
    return function
