"""What an environment's stack was when it was adopted.

A backend that Amplify deployed is taken over by keeping its templates as they are: whoever deploys them next, nothing
in them changes. A resource leaves this state only by `convert`, which keeps what it was, so that there is a way back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from accountsctl.model.names import ResourceId
from accountsctl.model.template_body import TemplateBody


@dataclass(frozen=True)
class Conversion:
    """A resource that is rendered from the project's files again, into the nested stack that Amplify made.

    `template` is what it was. `logical_ids` maps the rendered template's logical ids to those of the deployed resources
    that they become. `names` are the names of these resources, by deployed logical id and property: a new name would
    be a new resource. None stands for a name that CloudFormation chose, so that the template must not state one.
    """

    template: TemplateBody
    logical_ids: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, Mapping[str, str | None]] = field(default_factory=dict)


@dataclass(frozen=True)
class Adoption:
    """The deployed `root` template, and the `templates` of those of its nested stacks that belong to a resource.

    `code` is the digest of each function's files at that time: as long as it is the same, the function keeps the
    package that Amplify uploaded.
    """

    root: TemplateBody
    templates: Mapping[ResourceId, TemplateBody]
    code: Mapping[ResourceId, str] = field(default_factory=dict)
    converted: Mapping[ResourceId, Conversion] = field(default_factory=dict)

    def converting(self, resource: ResourceId, conversion: Conversion) -> Adoption:
        """The adoption with one of its templates converted."""
        templates = {on: body for on, body in self.templates.items() if on != resource}
        return replace(self, templates=templates, converted={**self.converted, resource: conversion})
