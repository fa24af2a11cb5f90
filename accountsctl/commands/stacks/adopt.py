"""`adopt`: take over a backend that Amplify deployed, as it is.

    stand        the stack is the environment's, of its account, and it and its nested stacks rest in a good state
    read         the root template, the templates of the nested stacks, the digests of the functions' code
    write        amplify/adopted/<environment>/, and `adopted` in the environment's file

It only reads from AWS, and writes no file of Amplify's. From then on a push deploys these templates, and nothing in
them changes until a function's code or the backend does. `undo` forgets all of it: the stack stays as it is, and
Amplify can deploy it as before.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from accountsctl.commands.stacks.states import StackCheck, check_ownership
from accountsctl.formats.layout import (
    adopted_code,
    adopted_folder,
    adopted_root,
    adopted_template,
    converted_file,
    converted_folder,
    environment_file,
)
from accountsctl.model.edit import Edit, JsonObject
from accountsctl.model.environment import Environment
from accountsctl.model.errors import StackFailed, UsageError
from accountsctl.model.names import BUCKET_LOGICAL_ID, ENVIRONMENT_TAG, ResourceId
from accountsctl.model.project import Project
from accountsctl.model.reports import EditResult
from accountsctl.model.stack_states import state_of
from accountsctl.model.template_body import TemplateBody, nested_stacks
from accountsctl.ports.identity import Identity
from accountsctl.ports.projects import Workspace
from accountsctl.ports.stack_repairs import StackRepairs, StackSummary
from accountsctl.ports.stacks import DeployedStack, Stacks
from accountsctl.synth.packages import code_digest


@dataclass(frozen=True)
class Adopt:
    """`adopt` over its ports."""

    workspace: Workspace
    stacks: Stacks
    repairs: StackRepairs
    identity: Identity

    def run(self, project: Project) -> EditResult:
        """Adopt the stack of the project's environment; StackFailed or CloudError if it cannot be, and then nothing
        is written."""
        environment = project.environment
        summary = self._stand(environment)
        deployed = self.stacks.current(summary.name)
        if deployed is None:
            raise _absent(environment)
        bucket = self._bucket(summary)
        owned = _owned(project, deployed.template)
        missing = [str(on) for on in owned if on.logical_id not in deployed.children]
        if missing:
            raise StackFailed(
                f"The root of {summary.name} names {', '.join(missing)}, of which no nested stack exists.",
                hint="Bring the stack into a good state first: amplify push; nothing was changed.",
            )
        templates = {on: self.stacks.template(deployed.children[on.logical_id]) for on in owned}
        self.workspace.apply(_edit(project, summary, bucket, deployed.template, templates))
        notes = [*_notes(project, deployed, templates), *_next(environment)]
        return EditResult(f"Adopted {summary.name} as it is: {len(templates)} nested stacks.", tuple(notes))

    def undo(self, environment: Environment) -> EditResult:
        """Forget the adoption; the stack stays as it is. UsageError if there is none."""
        if not environment.adopted:
            raise UsageError(
                f"{environment.name} is not adopted.",
                why="Its file does not state that it was.",
                hint="There is nothing to undo.",
            )

        def forget(content: JsonObject) -> None:
            content.pop("adopted", None)

        self.workspace.apply(
            Edit(
                json={environment_file(environment.name): forget},
                moves={adopted_folder(environment.name): ""},
            )
        )
        return EditResult(
            f"{environment.name} is no longer adopted; nothing was sent to AWS.",
            ("Amplify can deploy it again: amplify pull, then amplify push.",),
        )

    def _stand(self, environment: Environment) -> StackSummary:
        """The stack to adopt, at rest and sound."""
        check_ownership(environment, self.identity)
        summary = self.repairs.summary(environment.stack_name)
        if summary is None:
            raise _absent(environment)
        if environment.stack_id and summary.id != environment.stack_id:
            raise StackFailed(
                f"The stack {summary.name} is another one than the environment's file names.",
                why=f"It is {summary.id}; the file names {environment.stack_id}.",
                hint=f'Correct "stackId" in {environment_file(environment.name)}, or take it out; nothing was changed.',
            )
        if ENVIRONMENT_TAG in summary.tags:
            raise UsageError(
                f"The stack {summary.name} was deployed by accountsctl: there is nothing to adopt.",
                why=f"Its tag {ENVIRONMENT_TAG} is {summary.tags[ENVIRONMENT_TAG]}; a push renders its templates from"
                " the project's files, and an adopted stack keeps those that are deployed.",
                hint="accountsctl push; nothing was changed.",
            )
        StackCheck(self.identity, self.repairs).pushable(summary)
        if not state_of(summary.status).usable:
            raise StackFailed(
                f"The stack {summary.name} cannot be adopted; it is {summary.status}.",
                hint="Deploy it with Amplify first; nothing was changed.",
            )
        return summary

    def _bucket(self, summary: StackSummary) -> str:
        """The name of the deployment bucket that the root has."""
        for resource in self.repairs.resources(summary.id):
            if resource.logical_id == BUCKET_LOGICAL_ID:
                return resource.physical_id
        raise StackFailed(
            f"The stack {summary.name} has no resource {BUCKET_LOGICAL_ID}, so Amplify did not make it.",
            hint="Only the root stack of an Amplify environment can be adopted; nothing was changed.",
        )


def _absent(environment: Environment) -> StackFailed:
    return StackFailed(
        f"There is no stack {environment.stack_name} in {environment.region}.",
        hint="Check the region, and the credentials (--profile). A backend that was never deployed needs no adoption:"
        " accountsctl push",
    )


def _owned(project: Project, root: TemplateBody) -> list[ResourceId]:
    """The resources of the backend that have a nested stack in the root."""
    stacks = nested_stacks(root)
    return [resource.id for resource in project.backend if resource.id.logical_id in stacks]


def _edit(
    project: Project,
    summary: StackSummary,
    bucket: str,
    root: TemplateBody,
    templates: Mapping[ResourceId, TemplateBody],
) -> Edit:
    """The files of the adoption. Those of an earlier one that are not written again are deleted."""
    name = project.environment.name
    code = {
        str(on): code_digest(source.code)
        for on in templates
        if (source := project.sources.get(on)) and source.code
    }
    files = {adopted_root(name): _text(root), adopted_code(name): _text(code)}
    files |= {adopted_template(name, on): _text(body) for on, body in templates.items()}
    stale = [adopted_template(name, on) for on in project.frozen if on not in templates]

    def adopt(content: JsonObject) -> None:
        content.update(stackId=summary.id, accountId=summary.id.split(":")[4], bucket=bucket, adopted=True)

    # What was converted before is adopted as it is deployed now.
    stale += [converted_file(name), converted_folder(name)]
    return Edit(json={environment_file(name): adopt}, files=files, moves=dict.fromkeys(stale, ""))


def _text(value: object) -> bytes:
    return (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode()


def _notes(
    project: Project, deployed: DeployedStack, templates: Mapping[ResourceId, TemplateBody]
) -> list[str]:
    name = project.environment.name
    others = [
        stack
        for stack in nested_stacks(deployed.template)
        if stack not in {on.logical_id for on in templates}
    ]
    without = [
        str(resource.id)
        for resource in project.backend
        if resource.id not in templates and not resource.imported
    ]
    notes = [f"{on}: {adopted_template(name, on)}" for on in templates]
    if others:
        notes.append(f"Kept as they are, with the root: {', '.join(others)}.")
    if without:
        notes.append(f"Not deployed, so a push would create them: {', '.join(without)}.")
    if any(project.sources[on].code for on in templates if on in project.sources):
        notes.append("The code in src/ was taken for what is deployed: a function changes when its files do.")
    return notes


def _next(environment: Environment) -> list[str]:
    return [
        "Nothing was changed in AWS, and no file of Amplify's. Commit what was written.",
        "Deploy with `accountsctl push` from now on: `amplify push` would overwrite what it changes.",
        f"Next: accountsctl push -e {environment.name} --dry-run",
    ]
