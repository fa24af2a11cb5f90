"""What a hook reports in an event: an organization's hook, or a control of Control Tower, that refuses a resource."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_cloudformation.type_defs import OperationEventTypeDef, StackEventTypeDef

REFUSED = ("HOOK_COMPLETE_FAILED", "HOOK_FAILED")


def refused_by_hook(event: StackEventTypeDef | OperationEventTypeDef) -> bool:
    """Whether the event is a hook's refusal; one whose failure mode is WARN lets the resource pass."""
    return event.get("HookStatus") in REFUSED and event.get("HookFailureMode") != "WARN"


def hook_reason(event: StackEventTypeDef | OperationEventTypeDef) -> str:
    """Why a hook refused, with its name; empty if the event is not the refusal of a hook."""
    if event.get("HookStatus") not in REFUSED:
        return ""
    reason = event.get("HookStatusReason") or "It gave no reason."
    return f"The hook {event.get('HookType', '(no name)')} refused it: {reason}"
