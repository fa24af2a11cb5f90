"""Which objects of the deployment bucket no stack needs any more: artifacts of earlier pushes.

Keys are content hashes, so what a template refers to has its hash somewhere in the template's text, however the text
composes the key. Whatever has a hash that occurs there stays.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from accountsctl.model.names import parse_artifact_key
from accountsctl.model.template_body import TemplateBody
from accountsctl.ports.artifacts import StoredObject

KEPT = 3
"""The versions of each package and template that stay because they are the last ones."""
_DIGEST = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")


@dataclass(frozen=True)
class OldArtifact:
    """One version of a package, a template, or a set of built files: the objects that make it up."""

    family: str
    objects: tuple[StoredObject, ...]

    @property
    def modified(self) -> datetime:
        """When the last of its objects was stored."""
        return max(stored.modified for stored in self.objects)


def digests(template: TemplateBody) -> frozenset[str]:
    """The hashes that occur in a template."""
    return frozenset(_DIGEST.findall(json.dumps(template)))


def unneeded(objects: Sequence[StoredObject], needed: Collection[str]) -> Iterator[Sequence[OldArtifact]]:
    """For each package, template or set of files its versions that are not needed, the last ones first.

    `needed` are hashes. The last `KEPT` versions stay whatever refers to them: another push may have just stored them.
    """
    families: dict[str, dict[str, list[StoredObject]]] = defaultdict(lambda: defaultdict(list))
    for stored in objects:
        key = parse_artifact_key(stored.key)
        if key is not None:
            families[key.family][key.digest].append(stored)
    for family, versions in families.items():
        artifacts = {digest: OldArtifact(family, tuple(found)) for digest, found in versions.items()}
        moments = sorted((artifact.modified for artifact in artifacts.values()), reverse=True)
        if len(moments) <= KEPT:
            continue
        # Those of the same second are equally old: all of them stay.
        old = [
            artifact
            for digest, artifact in artifacts.items()
            if digest not in needed and artifact.modified < moments[KEPT - 1]
        ]
        if old:
            yield sorted(old, key=lambda artifact: artifact.modified, reverse=True)
