"""What a preview environment has otherwise than the environment that it is copied from: it is short-lived."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accountsctl.model.project import Project
from accountsctl.synth.kinds import ResourceKind, kind_of

OF_DATABASES: Mapping[str, object] = {
    "DeletionProtection": False,  # with it the clean-up could not delete the stack
    "Readers": 0,
    "MinCapacity": 0,  # it pauses when idle
    "BackupRetentionDays": 1,  # the least that Aurora takes
    "PerformanceInsights": False,
}
"""Parameters of our databases."""


def as_preview(parameters: dict[str, Any], project: Project) -> tuple[str, ...]:
    """Lay a preview's parameters over those of an environment, in place; a sentence for each resource."""
    databases = [resource.id for resource in project.backend if kind_of(resource) is ResourceKind.RDS]
    for database in databases:
        resources = parameters.setdefault(database.category, {})
        resources[database.name] = {**resources.get(database.name, {}), **OF_DATABASES}
    stated = ", ".join(f"{key} {str(value).lower()}" for key, value in OF_DATABASES.items())
    return tuple(f"For a preview {database} has {stated}." for database in databases)
