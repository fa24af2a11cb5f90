"""Importing this registers the renderings of every result but the doctor's, which are heavy and register themselves."""

from accountsctl.ui.results import (
    database,
    drift,
    environments,
    functions,
    health,
    local,
    policy,
    project,
    settings,
    stacks,
    users,
)

__all__ = [
    "database",
    "drift",
    "environments",
    "functions",
    "health",
    "local",
    "policy",
    "project",
    "settings",
    "stacks",
    "users",
]
