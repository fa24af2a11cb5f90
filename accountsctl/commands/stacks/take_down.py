"""A deletion whose irreversible steps come last: the nested stacks go first, then the bucket's content, then the root.

Every nested stack refers to the deployment bucket in its TemplateURL, so CloudFormation deletes the bucket after them;
it refuses to delete a bucket that is not empty, and the root rests in DELETE_FAILED with nothing but its bucket. Only
then is the bucket emptied. A deletion that is cut off before that has its artifacts, and can be repeated at any time.
"""

from __future__ import annotations

from accountsctl.model.events import Event, Listener, Note, StackEvent
from accountsctl.model.names import BUCKET_LOGICAL_ID
from accountsctl.model.template_body import STACK
from accountsctl.ports.artifacts import Artifacts
from accountsctl.ports.stack_repairs import StackRepairs
from accountsctl.ports.stacks import Ending


def take_down(repairs: StackRepairs, artifacts: Artifacts, stack: str, listen: Listener) -> Ending:
    """Delete the root stack with this id, its bucket's content last; never raises for a failed stack."""
    resources = repairs.resources(stack)
    bucket = next(
        (resource.physical_id for resource in resources if resource.logical_id == BUCKET_LOGICAL_ID), None
    )
    if any(resource.type == STACK for resource in resources) or bucket is None:
        ending = repairs.delete(stack, (), _without_bucket(listen))
        left = {resource.logical_id for resource in repairs.resources(stack)}
        if ending.succeeded or left != {BUCKET_LOGICAL_ID}:
            return ending
    if bucket is not None:
        listen(Note(f"emptied the deployment bucket ({artifacts.empty(bucket)} objects)"))
    return repairs.delete(stack, (), listen)


def _without_bucket(listen: Listener) -> Listener:
    """Leave out that the bucket refuses while it is not empty, and the root's end for that reason."""
    failed: set[str] = set()

    def heard(event: Event) -> None:
        if isinstance(event, StackEvent) and event.failed:
            failed.add(event.path[0] if event.path else "")
            if event.path == (BUCKET_LOGICAL_ID,) or failed <= {BUCKET_LOGICAL_ID, ""}:
                return
        listen(event)

    return heard
