"""What an environment's stack was when it was adopted.

A backend that Amplify deployed is taken over by keeping its templates as they are: whoever deploys them next, nothing
in them changes. A resource leaves this state only by `convert`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from accountsctl.model.names import ResourceId
from accountsctl.model.template_body import TemplateBody


@dataclass(frozen=True)
class Adoption:
    """The deployed `root` template, and the `templates` of those of its nested stacks that belong to a resource.

    `code` is the digest of each function's files at that time: as long as it is the same, the function keeps the
    package that Amplify uploaded.
    """

    root: TemplateBody
    templates: Mapping[ResourceId, TemplateBody]
    code: Mapping[ResourceId, str] = field(default_factory=dict)
