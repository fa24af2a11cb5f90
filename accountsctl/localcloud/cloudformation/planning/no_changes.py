"""Whether an update would change nothing, so that CloudFormation refuses it."""

from __future__ import annotations

from collections.abc import Mapping

from accountsctl.localcloud.cloudformation.planning.planner import StackPlan
from accountsctl.localcloud.cloudformation.runtime.shapes import TemplateValue
from accountsctl.localcloud.cloudformation.runtime.state import Stack
from accountsctl.localcloud.cloudformation.template.functions import equal, unknown_within
from accountsctl.localcloud.cloudformation.template.parsing import ParsedTemplate, deployed


def changes_nothing(stack: Stack, plan: StackPlan) -> bool:
    """Whether an update by this plan is refused with "No updates are to be performed."."""
    submission = plan.submission
    if plan.changes or submission is None or dict(submission.tags) != stack.definition.tags:
        return False
    if submission.notifications not in (None, stack.notification_arns):
        return False
    current = {output["OutputKey"]: output["OutputValue"] for output in stack.definition.outputs}
    if unknown_within(plan.outputs) or not equal(current, plan.outputs):
        return False
    return _same_exports(stack.definition.text, submission.template)


def _same_exports(text: str, template: ParsedTemplate) -> bool:
    """Whether the exports of the outputs are written as they were in `text`."""
    if not text or text == template.text:
        return bool(text)
    before, after = deployed(text).outputs, template.outputs
    return _exports(before) == _exports(after)


def _exports(outputs: Mapping[str, TemplateValue]) -> dict[str, TemplateValue]:
    """The Export of each output, and every loop as it is written."""
    return {
        name: output.get("Export") if isinstance(output, Mapping) else output
        for name, output in outputs.items()
    }
