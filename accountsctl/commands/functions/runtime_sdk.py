"""Which boto3 a Python function finds in the embedded cloud.

AWS publishes no list of the versions in Lambda's runtimes: "The version of the AWS SDK included in the Python runtime
depends on the runtime version and your AWS Region." Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-python.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from accountsctl.model.project import ResourceSource
from accountsctl.synth.packaging import IN_PYTHON_RUNTIME, missing_packages, python_manifest

_USE = re.compile(rb"^[ \t]*(?:import|from)[ \t]+(?:boto3|botocore)\b", re.MULTILINE)


def sdk_note(sources: Iterable[ResourceSource], version: str | None) -> Iterator[str]:
    """A sentence on the functions that use boto3 and do not bring it; `version` is that of this machine."""
    names = [str(source.id) for source in sources if _finds_the_runtimes(source)]
    if names and version is not None:
        verb = "find" if len(names) > 1 else "finds"
        yield (
            f"{', '.join(names)} {verb} boto3 {version} here; AWS does not publish which version its runtime has."
            " To have the same on both, name a version in requirements.txt (boto3==...)."
        )


def _finds_the_runtimes(source: ResourceSource) -> bool:
    if any(path.startswith(("boto3/", "boto3-")) for path in source.code):
        return False
    manifest = python_manifest(source)
    installed = manifest.required() if manifest and missing_packages(manifest, source) else frozenset[str]()
    uses = (path for path, content in source.code.items() if path.endswith(".py") and _USE.search(content))
    return not installed & IN_PYTHON_RUNTIME and any(uses)
