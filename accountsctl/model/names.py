"""Every name that is composed of others.

The composed names are Amplify Gen 1's on purpose, so that its stacks can be taken over in place without
replacing a resource (see docs/decisions).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

RESOURCE_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]{0,63}")
CATEGORY_NAME = re.compile(r"[a-z][A-Za-z0-9]{0,31}")
ENVIRONMENT_NAME = re.compile(r"(?=.{2,16}\Z)[a-z](?:-?[a-z0-9])+")
"""It becomes part of names of stacks, stages and clusters. RDS refuses two hyphens in a row, and one at the end."""
VARIABLE_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]+")
"""An environment variable of a function: https://docs.aws.amazon.com/lambda/latest/api/API_Environment.html"""
NAMINGS = (1, 2)
"""How an environment's resources are named; new environments get the last one. See `synth.names`."""
PSEUDO_CATEGORY = "parameters"
HOSTING_CATEGORY = "hosting"
"""The front end's hosting: Amplify lists it in the backend, and it is not a part of it."""
ENVIRONMENT_TAG = "accountsctl:environment"
PROJECT_TAG = "accountsctl:project"
BUCKET_LOGICAL_ID = "DeploymentBucket"
WATCH_MARK = "FunctionCodeOfWatch"
"""The logical id, in a root, that says that `push --watch` may have updated function code past the stack."""
ROOT_CATEGORY = "root"
"""The category under which the root's own resources are named: ``root/DeploymentBucket``."""


URL_SUFFIXES = {
    "cn": "amazonaws.com.cn",
    "eusc": "amazonaws.eu",
    "us-iso": "c2s.ic.gov",
    "us-isob": "sc2s.sgov.gov",
    "us-isof": "csp.hci.ic.gov",
    "eu-isoe": "cloud.adc-e.uk",
}
"""What AWS::URLSuffix is in partitions other than ``aws`` and ``aws-us-gov``, by the start of a region's name."""


@dataclass(frozen=True, order=True)
class ResourceId:
    """A resource of a backend: ``category/name``."""

    category: str
    name: str

    def __str__(self) -> str:
        return f"{self.category}/{self.name}"

    @property
    def logical_id(self) -> str:
        """The nested stack's logical id in the root: category and name joined."""
        return f"{self.category}{self.name}"


def parse_resource_id(text: str) -> ResourceId | None:
    """``category/name`` as a user types it; None if it does not have that form."""
    category, slash, name = text.partition("/")
    return ResourceId(category, name) if slash and category and name else None


def parameter_name(on: ResourceId, attribute: str) -> str:
    """The consumer's parameter that takes `attribute` of the resource it depends on."""
    return f"{on.category}{on.name}{attribute}"


def secret_place(stack: str, function: ResourceId, name: str) -> str:
    """The name of a function's secret in SSM; a stack's name is unique in a region of an account."""
    return f"/accountsctl/{stack}/{function.name}/{name}"


def template_key(resource: ResourceId, digest: str) -> str:
    """The key of a rendered template in the deployment bucket."""
    return f"{resource.category}/{resource.name}/{digest}.json"


def root_key(digest: str) -> str:
    """The key of a root template that is too large for the call itself."""
    return f"{ROOT_CATEGORY}/{digest}.json"


def built_prefix(resource: ResourceId, digest: str) -> str:
    """What the keys of a resource's built files begin with, in the deployment bucket."""
    return f"{resource.category}/{resource.name}/files/{digest}"


def package_key(name: str, digest: str) -> str:
    """The key of a function's package in the deployment bucket."""
    return f"functions/{name}/{digest}.zip"


_ARTIFACT = re.compile(
    r"(?P<packages>functions/[^/]+)/(?P<package>[0-9a-f]{64})\.zip"
    r"|(?P<templates>root|[a-z][A-Za-z0-9]*/[A-Za-z0-9]+)/(?P<template>[0-9a-f]{64})\.json"
    r"|(?P<files>[a-z][A-Za-z0-9]*/[A-Za-z0-9]+/files)/(?P<built>[0-9a-f]{64})/.+"
)
"""The keys that the functions above make."""


@dataclass(frozen=True)
class ArtifactKey:
    """What a key in the deployment bucket says: the hash in it, and what all versions of the same thing begin with."""

    family: str
    digest: str


def parse_artifact_key(key: str) -> ArtifactKey | None:
    """What a key says; None for one that this program does not make."""
    found = _ARTIFACT.fullmatch(key)
    if found is None:
        return None
    family = found["packages"] or found["templates"] or found["files"]
    kind = "zip" if found["package"] else "json" if found["template"] else "files"
    return ArtifactKey(f"{family} {kind}", found["package"] or found["template"] or found["built"])


def object_url(bucket: str, region: str, key: str) -> str:
    """The URL of an object in a bucket, in the region's own partition.

    Source: botocore's ``partitions.json``.
    """
    suffixes = (suffix for start, suffix in URL_SUFFIXES.items() if region.startswith(f"{start}-"))
    return f"https://{bucket}.s3.{region}.{next(suffixes, 'amazonaws.com')}/{key}"
