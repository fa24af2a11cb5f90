"""Functions whose code is not what their stack deployed: CloudFormation does not compare code."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from accountsctl.commands.stacks.running_code import BUCKET_OUTPUT
from accountsctl.model.drift import PropertyDrift
from accountsctl.planning.function_code import code_keys
from accountsctl.ports.artifacts import Artifacts
from accountsctl.ports.function_code import FunctionCodes
from accountsctl.ports.stack_repairs import StackRepairs
from accountsctl.ports.stacks import DeployedStack, Stacks

CODE_PATH = "/Code"


@dataclass(frozen=True)
class CodeDrift:
    """The hashes of the code in Lambda, compared with those of the objects that the deployed templates name."""

    stacks: Stacks
    repairs: StackRepairs
    codes: FunctionCodes
    artifacts: Artifacts

    def of_stack(self, name: str) -> dict[tuple[str, str], PropertyDrift]:
        """By the nested stack's ARN and the function's logical id; empty for a root that Amplify made."""
        current = self.stacks.current(name)
        if current is None or BUCKET_OUTPUT not in current.outputs:
            return {}
        return {
            place: drift for stack in current.children for place, drift in self._of_nested(stack, current)
        }

    def _of_nested(
        self, stack: str, current: DeployedStack
    ) -> Iterator[tuple[tuple[str, str], PropertyDrift]]:
        arn = current.children[stack]
        keys = code_keys(current.template, stack, self.stacks.template(arn))
        for resource in self.repairs.resources(arn) if keys else ():
            if resource.logical_id in keys:
                key = keys[resource.logical_id]
                expected = self.artifacts.digest(current.outputs[BUCKET_OUTPUT], key)
                actual = self.codes.digest(resource.physical_id)
                # An object that is gone cannot be compared, and a function that is gone was deleted.
                if expected and actual and expected != actual:
                    texts = (f"{key} (SHA-256 {expected})", f"SHA-256 {actual}")
                    yield (arn, resource.logical_id), PropertyDrift(CODE_PATH, *texts)
