"""What a push uploads and deploys: the root template, one template for each resource, and packages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from accountsctl.model.backend import Resource
from accountsctl.model.environment import Environment
from accountsctl.model.names import ResourceId, package_key, template_key
from accountsctl.model.packaging import PackageRequest
from accountsctl.model.template_body import TemplateBody


@dataclass(frozen=True)
class Template:
    """A rendered template as canonical JSON. `digest` is the sha256 of `text`; `source` the file it came from."""

    id: ResourceId | None
    source: str
    text: str
    digest: str
    body: TemplateBody

    @property
    def parameters(self) -> frozenset[str]:
        """The names it declares under Parameters."""
        return frozenset(self.body.get("Parameters", {}))

    @property
    def outputs(self) -> frozenset[str]:
        """The names it declares under Outputs."""
        return frozenset(self.body.get("Outputs", {}))


Files = Mapping[str, bytes]


def nothing_installed() -> Files:
    """The packages of code that needs none."""
    return {}


@dataclass(frozen=True)
class Package:
    """A function's code and packages as one zip, the same bytes for the same files.

    `requests` are the packages, which `digest` stands for too; `installed` gives their files, and `pack` makes the zip.
    Nothing is installed or packed before the content is read: most pushes upload no function. `sizes` are the bytes of
    the code's own files, by path.
    """

    name: str
    digest: str
    sizes: Mapping[str, int] = field(compare=False, repr=False)
    pack: Callable[[Files], bytes] = field(compare=False, repr=False)
    requests: tuple[PackageRequest, ...] = ()
    installed: Callable[[], Files] = field(default=nothing_installed, compare=False, repr=False)

    @property
    def size(self) -> int:
        """The bytes of the code's own files, unzipped."""
        return sum(self.sizes.values())

    @cached_property
    def content(self) -> bytes:
        """The zip."""
        return self.pack(self.installed())

    def read(self) -> bytes:
        """The zip, for a caller that may not need it."""
        return self.content

    @property
    def key(self) -> str:
        """Its key in the deployment bucket."""
        return package_key(self.name, self.digest)


@dataclass(frozen=True)
class BuiltFiles:
    """Files that a template refers to by their place below a prefix of the bucket, as an AppSync API's do.

    `prefix` carries their digest, so that other files stand at another place.
    """

    prefix: str
    files: Mapping[str, bytes]


@dataclass(frozen=True)
class Child:
    """One resource's nested stack."""

    resource: Resource
    template: Template
    package: Package | None = None
    built: BuiltFiles | None = None

    @property
    def id(self) -> ResourceId:
        """The resource's id."""
        return self.resource.id

    @property
    def key(self) -> str:
        """The template's key in the deployment bucket."""
        return template_key(self.resource.id, self.template.digest)

    def attached(self) -> Iterator[tuple[str, bytes]]:
        """The built files, by their keys in the deployment bucket."""
        if self.built is not None:
            for path, content in self.built.files.items():
                yield f"{self.built.prefix}/{path}", content


@dataclass(frozen=True)
class Assembly:
    """A complete environment, rendered. `seed` is the root with only the bucket: the first push starts from it."""

    environment: Environment
    project: str
    root: Template
    seed: Template
    children: tuple[Child, ...]

    @property
    def adopted(self) -> bool:
        """Whether the root was made by Amplify, and is kept as it was."""
        return self.environment.adopted

    def child(self, resource: ResourceId) -> Child | None:
        """The nested stack of `resource`; None if there is none."""
        return next((child for child in self.children if child.id == resource), None)
