"""What a push sends to the deployment bucket: templates, packages and built files, each under its hash."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from accountsctl.model.assembly import Assembly
from accountsctl.model.events import Listener, Note
from accountsctl.model.names import object_url, parse_artifact_key, root_key
from accountsctl.planning.old_artifacts import digests
from accountsctl.ports.artifacts import Artifacts
from accountsctl.ports.stacks import DeployedStack

INLINE_BYTES = 51_200
"""The largest template that CloudFormation takes in the call itself; a larger root goes through the bucket."""


@dataclass
class Uploads:
    """The uploads of one push to the bucket of the stack `current`.

    What that stack refers to stays in the bucket whoever else pushes (see old_artifacts.py). Anything else that exists
    is dated now, once, for it may be as old as it likes.
    """

    artifacts: Artifacts
    bucket: str
    current: DeployedStack
    _dated: set[str] = field(default_factory=set)

    def send(self, assembly: Assembly, listen: Listener) -> None:
        """Offer every artifact, those of unchanged resources too: a bucket that lost objects gets them again."""
        uploaded: list[str] = []
        for child in assembly.children:
            package = child.package
            if package and self._put(package.key, package.read):
                uploaded.append(f"{child.id} (code, {len(package.content):,} bytes)")
            sent = [self._put(key, content) for key, content in child.attached()]
            if any(sent):
                uploaded.append(f"{child.id} ({sum(sent)} built files)")
            if self._put(child.key, child.template.text.encode()):
                uploaded.append(str(child.id))
        if uploaded:
            listen(Note(f"uploaded {', '.join(uploaded)}"))

    def root(self, assembly: Assembly) -> str:
        """The root template as CloudFormation takes it: its text, or the URL of what was uploaded if it is large."""
        text = assembly.root.text
        if len(text.encode()) <= INLINE_BYTES:
            return text
        key = root_key(assembly.root.digest)
        self._put(key, text.encode())
        return object_url(self.bucket, assembly.environment.region, key)

    def _put(self, key: str, content: bytes | Callable[[], bytes]) -> bool:
        parsed = parse_artifact_key(key)
        referred = parsed is not None and parsed.digest in self._deployed
        renew = not referred and key not in self._dated
        self._dated.add(key)
        return self.artifacts.put(self.bucket, key, content, owner=self.current.name, renew=renew)

    @cached_property
    def _deployed(self) -> frozenset[str]:
        return digests(self.current.template)
