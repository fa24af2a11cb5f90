"""Which of our templates renders a resource, decided by its service."""

from __future__ import annotations

from enum import StrEnum

from accountsctl.model.backend import Resource
from accountsctl.model.errors import Fault


class ResourceKind(StrEnum):
    """The stacks that we know how to write; the value is the template's name without its ending."""

    AUTH_IMPORT = "auth-import"
    FUNCTION = "function"
    API = "api"
    RDS = "rds"

    @property
    def template(self) -> str:
        """The template's path below ``templates/``."""
        return f"{self.value}.yaml.j2"


_BY_SERVICE = {
    "Lambda": ResourceKind.FUNCTION,
    "API Gateway": ResourceKind.API,
    "RDSCluster": ResourceKind.RDS,
}


def kind_of(resource: Resource) -> ResourceKind | None:
    """The kind of a resource that brings no template of its own; None where we have none for it."""
    if resource.imported:
        return ResourceKind.AUTH_IMPORT if resource.service == "Cognito" else None
    if resource.id.category == "rds":
        return ResourceKind.RDS
    return _BY_SERVICE.get(resource.service)


def unknown_kind(resource: Resource) -> Fault:
    """The fault of a resource that neither brings a template nor is of a kind that we know."""
    named = f'service "{resource.service}"' if resource.service else f'category "{resource.id.category}"'
    service = f"imported {named}" if resource.imported else named
    return Fault(
        resource.place.file,
        resource.place.line,
        f"{resource.id} brings no template of its own, and there is none for the {service}.",
        f"Put a template.yaml into amplify/backend/{resource.id}/.",
    )
