"""`export --format openapi`: the pushed API, described by those who wrote its functions.

1. The API is chosen, and its stage's export is asked for: what is deployed is what is described.
2. Each function that the API depends on may have an `openapi.yaml` beside its `src`; it says what the operations
   mean. Where none does, the document has what API Gateway knows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import yaml

from accountsctl.formats.frontend.openapi import document, not_deployed
from accountsctl.model.errors import CloudError, Fault, ProjectError, UsageError
from accountsctl.model.names import ResourceId
from accountsctl.model.project import Project, ResourceSource
from accountsctl.ports.api_exports import ApiExports

DESCRIPTION = "openapi.yaml"
Outputs = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class DescribeApi:
    """Makes the document. `outputs` gives those of the deployed environment; `say` takes what is worth knowing."""

    project: Project
    outputs: Callable[[], Outputs]
    exports: ApiExports
    say: Callable[[str], None]

    def run(self, name: str | None) -> dict[str, Any]:
        """The document of the API called `name`, or of the only one; CloudError if it is not deployed."""
        project = self.project
        api = _chosen(project, name)
        outputs = self.outputs().get(str(api), {})
        if "ApiId" not in outputs or "RootUrl" not in outputs:
            raise CloudError(
                f"{api} is not deployed in {project.environment.name}, or does not tell where.",
                why="Its stack has no outputs ApiId and RootUrl.",
                hint="Deploy it: accountsctl push",
            )
        stage = urlsplit(outputs["RootUrl"]).path.strip("/").rpartition("/")[2]
        export = self.exports.export(outputs["ApiId"], stage)
        words = dict(_descriptions(project, api))
        for file, word in words.items():
            for operation in not_deployed(export, word):
                self.say(f"{file} describes {operation}, which is not deployed; it is left out.")
        return document(f"{project.name} {api.name}", outputs["RootUrl"], export, words.values())


def _chosen(project: Project, name: str | None) -> ResourceId:
    apis = [resource.id for resource in project.backend if resource.id.category == "api"]
    found = [api for api in apis if name in (None, api.name, str(api))]
    if len(found) == 1:
        return found[0]
    raise UsageError(
        f"There is no API {name}." if name else "It is not clear which API is meant.",
        why=f"The backend has {', '.join(map(str, apis)) or 'no API'}.",
        hint="Name one: --api NAME" if apis else "Add one: accountsctl add api NAME",
    )


def _descriptions(project: Project, api: ResourceId) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """File and content of the descriptions beside the functions that the API depends on."""
    resource = project.backend.get(api)
    for edge in resource.depends_on if resource else ():
        source = project.sources.get(edge.on)
        if source is not None and DESCRIPTION in source.others:
            file = f"{source.parameters_file.rpartition('/')[0]}/{DESCRIPTION}"
            yield file, _read(source, file)


def _read(source: ResourceSource, file: str) -> Mapping[str, Any]:
    try:
        read = yaml.safe_load(source.others[DESCRIPTION])
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 0
        what = str(getattr(error, "problem", None) or error)
        raise ProjectError([Fault(file, line, f"no YAML: {what}", "Correct it.")]) from error
    if not isinstance(read, Mapping) or not isinstance(read.get("paths"), Mapping):
        hint = "Write paths: and components: as OpenAPI 3.0 has them."
        raise ProjectError([Fault(file, 0, "no OpenAPI document: it has no paths", hint)])
    return read
