"""What Amplify would act on at a push and accountsctl does not: named, so that nothing goes missing unnoticed.

The backend can be rendered and deployed all the same: whoever reads the sentence decides what to do.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from accountsctl.formats.json_reader import read
from accountsctl.formats.layout import (
    AMPLIFY_HOOKS,
    AMPLIFY_ROOT_OVERRIDE,
    AMPLIFY_TAGS,
    CUSTOM_POLICIES,
    NPM_FILE,
    amplify_build_folder,
    resource_folder,
)
from accountsctl.model.backend import Resource
from accountsctl.model.names import HOSTING_CATEGORY
from accountsctl.model.project import Project, ResourceSource
from accountsctl.synth.function_parameters import secrets_to_store
from accountsctl.synth.pools import left_out_here

OVERRIDE = "override.ts"
AMPLIFYS_TAGS = frozenset({"user:Application", "user:Stack"})
"""The tags that Amplify writes into every project."""


def unread(project: Project) -> tuple[str, ...]:
    """A sentence for each thing that Amplify would act on and we do not; none for an adopted resource, whose files
    are not read at all."""
    live = [resource for resource in project.backend if resource.id not in project.frozen]
    scripts = _scripts(project)
    return (
        *_hosting(project),
        *(note for resource in live for note in _of_resource(project, resource, scripts)),
        *_of_project(project),
    )


def _hosting(project: Project) -> Iterator[str]:
    if project.backend.passed_over:
        names = ", ".join(str(on) for on in project.backend.passed_over)
        yield f"{names}: passed over; {HOSTING_CATEGORY} belongs to the front end, and stays where it is."


def _of_resource(project: Project, resource: Resource, scripts: Collection[str]) -> Iterator[str]:
    source = project.sources.get(resource.id)
    if source is None:
        return
    folder = resource_folder(resource.id)
    built = source.template is not None and source.template.file.startswith(
        f"{amplify_build_folder(resource.id)}/"
    )
    if OVERRIDE in source.others and not built:
        yield (
            f"{folder}/{OVERRIDE} is not applied: run `amplify build` once, and what it leaves in build/ is deployed."
        )
    yield from _not_declared(source)
    if left_out := left_out_here(project, resource):
        yield f"{resource.id} goes without {', '.join(left_out)}: the embedded cloud has no such thing."
    if CUSTOM_POLICIES in source.others and resource.service != "Lambda":
        yield f"{folder}/{CUSTOM_POLICIES} is not applied: only those of functions are."
    if names := secrets_to_store(project, resource.id):
        yield f"{resource.id} reads secrets that SSM Parameter Store must hold in this environment: {names}"
    if resource.service == "Lambda" and (script := f"amplify:{resource.id.name}") in scripts:
        yield f"{NPM_FILE} has the script {script}, which a push does not run: npm run {script}"


def _not_declared(source: ResourceSource) -> Iterator[str]:
    """The parameters that a resource's own template does not know. Amplify passes them, and CloudFormation refuses."""
    if source.template is None:
        return
    words = frozenset(re.findall(r"\w+", source.template.text))
    if unknown := sorted(set(source.parameters) - words):
        plural = "s" * (len(unknown) > 1)
        yield (
            f"{source.parameters_file}: {', '.join(unknown)} {'are' if plural else 'is'} not passed, because "
            f"{source.template.file} has no parameter{plural} of {'these names' if plural else 'this name'}."
        )


def _of_project(project: Project) -> Iterator[str]:
    files = project.amplify_files
    if AMPLIFY_ROOT_OVERRIDE in files:
        yield f"{AMPLIFY_ROOT_OVERRIDE} is not applied: the root stack of a new environment is ours."
    hooks = sorted(path for path in files if path.startswith(f"{AMPLIFY_HOOKS}/"))
    if hooks:
        yield f"Amplify's hooks are not run: {', '.join(hooks)}."
    tags = read(files.get(AMPLIFY_TAGS, "[]"), AMPLIFY_TAGS).value
    names = (
        {str(tag.get("Key")) for tag in tags if isinstance(tag, dict)} if isinstance(tags, list) else set()
    )
    if own := sorted(names - AMPLIFYS_TAGS):
        yield f"{AMPLIFY_TAGS} is not applied: the stacks do not get the tags {', '.join(own)}."


def _scripts(project: Project) -> frozenset[str]:
    """The names of the scripts of the project's package.json."""
    content = read(project.amplify_files.get(NPM_FILE, "{}"), NPM_FILE).value
    scripts = content.get("scripts") if isinstance(content, dict) else None
    return frozenset(scripts) if isinstance(scripts, dict) else frozenset()
