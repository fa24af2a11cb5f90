"""Every case: importing the modules registers them."""

from tests.local.cloudformation.recorded import (
    change_set_cases,
    condition_cases,
    engine_cases,
    macro_cases,
    policy_cases,
    resource_cases,
    service_cases,
    stack_cases,
    template_cases,
    update_cases,
)
from tests.local.cloudformation.recorded.replay import CASES

__all__ = [
    "CASES", "change_set_cases", "condition_cases", "engine_cases", "macro_cases", "policy_cases", "resource_cases",
    "service_cases", "stack_cases", "template_cases", "update_cases",
]  # fmt: skip
