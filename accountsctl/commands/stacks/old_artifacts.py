"""After a push that succeeded: packages and templates of earlier pushes leave the deployment bucket.

Without it the bucket would grow by a package or a template with every push. What stays:

    referred to      in the root, deployed now or before this push, in any nested stack, or in the rendered assembly
    the last ones    three of each package and template, whoever stored them
    not ours         a key that this program does not make, or an object that was not stored for this stack
    everything       while a change set is open, another operation runs, or the bucket is not this stack's own

What is listed is what may go: another push that stores an artifact again meanwhile stores another version of it. The
push has succeeded by now, so a refusal is a note, and the next push tries again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from accountsctl.model.assembly import Assembly
from accountsctl.model.errors import CloudError, Declined
from accountsctl.model.events import Listener, Note
from accountsctl.model.names import BUCKET_LOGICAL_ID
from accountsctl.model.stack_states import state_of
from accountsctl.model.template_body import STACK, TemplateBody
from accountsctl.planning.old_artifacts import OldArtifact, digests, unneeded
from accountsctl.ports.artifacts import Artifacts
from accountsctl.ports.stack_repairs import ResourceSummary, StackRepairs
from accountsctl.ports.stacks import DeployedStack, Stacks


@dataclass(frozen=True)
class OldArtifacts:
    """The removal, over its ports."""

    stacks: Stacks
    repairs: StackRepairs
    artifacts: Artifacts

    def remove(self, assembly: Assembly, before: DeployedStack, bucket: str, listen: Listener) -> None:
        """Remove what the push of `assembly`, to the stack that was `before`, has made superfluous."""
        try:
            count = self._remove(assembly, before, bucket)
        except CloudError as error:
            reason = " ".join(filter(None, (error.what, error.why)))
            listen(Note(f"packages and templates of earlier pushes stay in the bucket {bucket}: {reason}"))
        except KeyboardInterrupt as interrupt:
            raise Declined(
                "Interrupted after the push.",
                why="The stack is updated; old packages and templates may be left in the deployment bucket.",
                hint="The next push removes them.",
            ) from interrupt
        else:
            if count:
                listen(Note(f"removed {count} packages and templates of earlier pushes from the bucket"))

    def _remove(self, assembly: Assembly, before: DeployedStack, bucket: str) -> int:
        listed = self.artifacts.stored(bucket)
        bodies = [before.template, assembly.root.body, *(child.template.body for child in assembly.children)]
        needed = frozenset[str]().union(*map(digests, bodies))
        if not any(unneeded(listed, needed)):
            return 0
        name = assembly.environment.stack_name
        deployed = self._referred(name, bucket)
        if deployed is None or self.repairs.open_change_sets(name):
            return 0
        going = [
            stored
            for versions in unneeded(listed, needed | deployed)
            for artifact in self._ours(versions, bucket, name)
            for stored in artifact.objects
        ]
        return self.artifacts.delete(bucket, going) if going else 0

    def _ours(self, versions: Sequence[OldArtifact], bucket: str, stack: str) -> Iterator[OldArtifact]:
        """The versions that were stored for this stack. What is older than one without a mark has none either."""
        for artifact in versions:
            if not all(self.artifacts.belongs_to(bucket, stored, stack) for stored in artifact.objects):
                return
            yield artifact

    def _referred(self, name: str, bucket: str) -> frozenset[str] | None:
        """The hashes in the templates of the root and of every stack nested in it; None if the stack does not rest,
        or if the bucket is not its own."""
        root = self.repairs.summary(name)
        own = (BUCKET_LOGICAL_ID, bucket)
        if root is None or state_of(root.status).in_progress:
            return None
        resources = self.repairs.resources(name)
        if own not in [(found.logical_id, found.physical_id) for found in resources]:
            return None
        templates = (self.stacks.template(name), *self._nested_templates(resources))
        return frozenset[str]().union(*map(digests, templates))

    def _nested_templates(self, resources: Iterable[ResourceSummary]) -> Iterator[TemplateBody]:
        """The templates of the stacks among resources, and of those nested in them, however deep."""
        for resource in resources:
            if resource.type == STACK:
                yield self.stacks.template(resource.physical_id)
                yield from self._nested_templates(self.repairs.resources(resource.physical_id))
