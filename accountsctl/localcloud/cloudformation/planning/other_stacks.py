"""Fn::GetStackOutput: the output of another stack, which does not have to export it.

See https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getstackoutput.html
"""

from __future__ import annotations

from accountsctl.localcloud.cloudformation.errors import CloudFormationError
from accountsctl.localcloud.cloudformation.runtime.state import new_id
from accountsctl.localcloud.cloudformation.runtime.store import Store


def stack_output(store: Store, own_region: str, stack_name: str, output_name: str, region: str | None) -> str:
    """The output's value; raises CloudFormationError if the stack or its output does not exist."""
    stack = store.find(stack_name, region or own_region)
    if stack is None:
        raise CloudFormationError(
            f"Stack with id {stack_name} does not exist (Service: AmazonCloudFormation; Status Code: 400; Error Code: "
            f"ValidationError; Request ID: {new_id()}; Proxy: null)"
        )
    for output in stack.definition.outputs:
        if output["OutputKey"] == output_name:
            return output["OutputValue"]
    raise CloudFormationError(
        f"TemplateError: Fn::GetStackOutput references output {output_name} from stack {stack_name}, but this output "
        "was not found. The output may have been deleted."
    )
