"""Every command's result, as text and as JSON side by side.

Importing this registers all of them but the doctor's, whose import is heavy: `doctor cors` imports its own.
"""

from __future__ import annotations

from accountsctl.ui.rendering import FormattedText, to_json, to_text
from accountsctl.ui.results import (
    database,
    drift,
    environments,
    health,
    local,
    policy,
    project,
    stacks,
    users,
)

__all__ = [
    "FormattedText",
    "database",
    "drift",
    "environments",
    "health",
    "local",
    "policy",
    "project",
    "stacks",
    "to_json",
    "to_text",
    "users",
]
