"""Which of our templates renders a resource, decided by its service."""

from __future__ import annotations

from enum import StrEnum

from accountsctl.formats.layout import amplify_build_folder, resource_folder
from accountsctl.model.backend import Resource
from accountsctl.model.errors import Fault


class ResourceKind(StrEnum):
    """The stacks that we know how to write; the value is the template's name without its ending."""

    AUTH_IMPORT = "auth-import"
    FUNCTION = "function"
    API = "api"
    RDS = "rds"
    POOL = "auth-pool"
    GROUPS = "auth-groups"
    BUCKET = "storage-bucket"
    TABLE = "storage-table"
    STORAGE_IMPORT = "storage-import"
    LAYER = "layer"

    @property
    def template(self) -> str:
        """The template's path below ``templates/``."""
        return f"{self.value}.yaml.j2"


_BY_SERVICE = {
    "Lambda": ResourceKind.FUNCTION,
    "API Gateway": ResourceKind.API,
    "RDSCluster": ResourceKind.RDS,
    "Cognito": ResourceKind.POOL,
    "Cognito-UserPool-Groups": ResourceKind.GROUPS,
    "S3": ResourceKind.BUCKET,
    "DynamoDB": ResourceKind.TABLE,
    "LambdaLayer": ResourceKind.LAYER,
}
_IMPORTED = {
    "Cognito": ResourceKind.AUTH_IMPORT,
    "S3": ResourceKind.STORAGE_IMPORT,
    "DynamoDB": ResourceKind.STORAGE_IMPORT,
}
BUILT_BY_AMPLIFY = frozenset({"AppSync", "customCDK", "ElasticContainer", "Map", "PlaceIndex", "Pinpoint"})
"""Services whose templates only Amplify's CLI can generate."""


def kind_of(resource: Resource) -> ResourceKind | None:
    """The kind of a resource that brings no template of its own; None if we have none for it."""
    if resource.imported:
        return _IMPORTED.get(resource.service)
    if resource.id.category == "rds":
        return ResourceKind.RDS
    return _BY_SERVICE.get(resource.service)


def unknown_kind(resource: Resource) -> Fault:
    """The fault of a resource that neither brings a template nor is of a kind that we know."""
    named = f'service "{resource.service}"' if resource.service else f'category "{resource.id.category}"'
    service = f"imported {named}" if resource.imported else named
    hint = f"Put a template.yaml into {resource_folder(resource.id)}/."
    if resource.service in BUILT_BY_AMPLIFY:
        hint = built_hint(resource)
    what = f"{resource.id} brings no template of its own, and there is none for the {service}."
    return Fault(resource.place.file, resource.place.line, what, hint)


def built_hint(resource: Resource) -> str:
    """What to do where only Amplify's CLI can tell what a resource's template is."""
    return f"Run `amplify build` once: it leaves the template in {amplify_build_folder(resource.id)}/."
