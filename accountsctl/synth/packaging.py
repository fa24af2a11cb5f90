"""Which packages a push installs for a function: found from its files, before anything is installed.

What is installed is decided by a file of the tool that the team uses; of several, the one that pins most counts. The
identity of the packages is that of these files and of the machine that they are for. So a plan needs no installation,
and a push of unchanged files deploys nothing, whatever an index has since.

What a team has installed into the code is left as it is, and boto3 alone, which Lambda's runtime carries, is not
installed, unless a version of it is stated. Source: https://docs.aws.amazon.com/lambda/latest/dg/python-package.html
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from accountsctl.formats import python_locks
from accountsctl.formats.json_reader import read
from accountsctl.formats.layout import code_folder, resource_folder
from accountsctl.formats.node_locks import NODE_LOCKS, has_links
from accountsctl.formats.python_locks import names, names_with_version, nested_files, normalized
from accountsctl.model.packaging import HostTarget, Manager, PackageRequest, PackageTarget
from accountsctl.model.project import ResourceSource
from accountsctl.model.template_body import TemplateBody

FUNCTION = "AWS::Lambda::Function"
DEFAULT_ARCHITECTURE = "x86_64"
"""What AWS takes if a template states none."""
PACKAGE_FILE = "package.json"
TYPESCRIPT = (".ts", ".mts", ".cts", ".tsx")
MODULES = "node_modules/"
PROJECT_FILE = "pyproject.toml"
IN_PYTHON_RUNTIME = frozenset({"boto3", "botocore", "s3transfer", "awslambdaric"})


@dataclass(frozen=True)
class Manifest:
    """A file that packages are installed from, with those that it needs, by their paths below `folder`."""

    manager: Manager
    folder: str
    files: Mapping[str, bytes]

    @property
    def path(self) -> str:
        """Its path below the project's root."""
        return f"{self.folder}/{self.manager}"

    def text(self, name: str = "") -> str:
        """The text of one of the files; by default of the file itself."""
        return self.files.get(name or self.manager, b"").decode("utf-8", "replace")

    def stated_versions(self) -> frozenset[str]:
        """The names of the packages of which the team itself states a version, not only a lock file."""
        try:
            match self.manager:
                case Manager.UV | Manager.POETRY:
                    return names_with_version(
                        "\n".join(python_locks.required_by_project(self.text(PROJECT_FILE)))
                    )
                case Manager.PIPFILE:
                    return names_with_version(python_locks.pipfile(self.text()))
                case Manager.REQUIREMENTS:
                    return frozenset().union(*(names_with_version(self.text(name)) for name in self.files))
                case _:
                    return frozenset()
        except ValueError:
            return frozenset()

    def required(self) -> frozenset[str]:
        """The names of the packages that it requires at run time; empty if it cannot be read."""
        try:
            match self.manager:
                case Manager.UV | Manager.POETRY:
                    lines = python_locks.required_by_project(self.text(PROJECT_FILE))
                    return names("\n".join(lines))
                case Manager.PIPENV:
                    return names(python_locks.pipfile_lock(self.text()))
                case Manager.PIPFILE:
                    return names(python_locks.pipfile(self.text()))
                case Manager.REQUIREMENTS:
                    return frozenset().union(*(names(self.text(name)) for name in self.files))
                case Manager.NPM | Manager.YARN | Manager.PNPM | Manager.ESBUILD:
                    return _dependencies(self.text(PACKAGE_FILE))
        except ValueError:
            return frozenset()


def function_requests(
    source: ResourceSource, body: TemplateBody, host: HostTarget | None
) -> tuple[PackageRequest, ...]:
    """What is installed for a function. `host`: the machine that runs it, if that is not AWS."""
    runtime, architecture = runs_on(body)
    if runtime.startswith("nodejs") and (entry := typescript_entry(source, handler_of(body))):
        target = host.target(runtime) if host else PackageTarget(runtime, architecture)
        files = {path: content for path, content in source.code.items() if not path.startswith(MODULES)}
        return (
            PackageRequest(source.id, code_folder(source.id), Manager.ESBUILD, files, target, entry=entry),
        )
    manifest = python_manifest(source) if runtime.startswith("python") else node_manifest(source)
    if not source.code or manifest is None or not missing_packages(manifest, source):
        return ()
    target = host.target(runtime) if host else PackageTarget(runtime, architecture)
    return (PackageRequest(source.id, manifest.folder, manifest.manager, manifest.files, target),)


def typescript_entry(source: ResourceSource, handler: str) -> str:
    """The file of TypeScript that a handler is in; empty if it is in a file of JavaScript, or in none."""
    module = handler.rpartition(".")[0]
    if any(f"{module}{ending}" in source.code for ending in (".js", ".mjs", ".cjs")):
        return ""
    return next((name for ending in TYPESCRIPT if (name := f"{module}{ending}") in source.code), "")


def deployed_code(source: ResourceSource, requests: tuple[PackageRequest, ...]) -> Mapping[str, bytes]:
    """The function's own files in its zip: of one that is built, all but its sources."""
    if not any(request.entry for request in requests):
        return source.code
    return {path: content for path, content in source.code.items() if not _is_source(path)}


def _is_source(path: str) -> bool:
    return path.endswith((*TYPESCRIPT, ".js", ".mjs", ".cjs")) or path in (
        PACKAGE_FILE,
        "tsconfig.json",
        *NODE_LOCKS,
    )


def missing_packages(manifest: Manifest, source: ResourceSource) -> frozenset[str]:
    """The packages that a file names and that neither the code nor Lambda's runtime contains."""
    code = source.code
    if manifest.manager.language == "nodejs":
        # What was installed in place, by hand or with scripts, is left as it is.
        return frozenset() if any(path.startswith(MODULES) for path in code) else manifest.required()
    needed = manifest.required() - (IN_PYTHON_RUNTIME - manifest.stated_versions())
    return frozenset(name for name in needed if not _is_present(name, code))


def python_manifest(source: ResourceSource) -> Manifest | None:
    """The file that a Python function's packages are installed from; None if it has none."""
    for manager in Manager:
        for folder, files in _places(source) if manager.language == "python" else ():
            if manager in files:
                return Manifest(manager, folder, dict(_with_needed(manager, files)))
    return None


def node_manifest(source: ResourceSource) -> Manifest | None:
    """The lock file of a Node.js function with its package.json; None without one, or if npm installs in place."""
    code = source.code
    for manager in Manager:
        if manager.language == "nodejs" and manager in code and PACKAGE_FILE in code:
            files = {PACKAGE_FILE: code[PACKAGE_FILE], str(manager): code[manager]}
            found = Manifest(manager, code_folder(source.id), files)
            return None if manager is Manager.NPM and has_links(found.text()) else found
    return None


def _dependencies(package: str) -> frozenset[str]:
    """The names under "dependencies" and "optionalDependencies" of a package.json."""
    content = read(package, PACKAGE_FILE).value
    groups = (
        [content.get(key) for key in ("dependencies", "optionalDependencies")]
        if isinstance(content, dict)
        else []
    )
    return frozenset(name for group in groups if isinstance(group, dict) for name in group)


def _places(source: ResourceSource) -> Iterator[tuple[str, Mapping[str, bytes]]]:
    """Where such files are: in the code, or next to it."""
    yield code_folder(source.id), source.code
    yield resource_folder(source.id), {name: text.encode() for name, text in source.others.items()}


def _with_needed(manager: Manager, files: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """The file and those that it is read with: pyproject.toml, or those that it names."""
    pending, seen = [str(manager)], set[str]()
    if manager in (Manager.UV, Manager.POETRY):
        pending.append(PROJECT_FILE)
    while pending:
        name = pending.pop()
        if name in seen or name not in files:
            continue
        seen.add(name)
        yield name, files[name]
        if manager is Manager.REQUIREMENTS:
            text, folder = files[name].decode("utf-8", "replace"), posixpath.dirname(name)
            pending += [posixpath.normpath(posixpath.join(folder, nested)) for nested in nested_files(text)]


def runs_on(body: TemplateBody) -> tuple[str, str]:
    """The runtime and the architecture of the first function of a template; empty if it states no runtime."""
    for resource in body.get("Resources", {}).values():
        if resource.get("Type") == FUNCTION:
            properties = resource.get("Properties", {})
            runtime = _literal(body, properties.get("Runtime"))
            architectures = properties.get("Architectures")
            first = architectures[0] if isinstance(architectures, list) and architectures else None
            return runtime, _literal(body, first) or DEFAULT_ARCHITECTURE
    return "", DEFAULT_ARCHITECTURE


def handler_of(body: TemplateBody) -> str:
    """The handler of the first function of a template; empty if it states none."""
    for resource in body.get("Resources", {}).values():
        if resource.get("Type") == FUNCTION:
            return _literal(body, resource.get("Properties", {}).get("Handler"))
    return ""


def _literal(body: TemplateBody, value: object) -> str:
    """A string, or the default of the parameter that stands for it; else empty."""
    if isinstance(value, Mapping) and "Ref" in value:
        value = (body.get("Parameters", {}).get(str(value["Ref"])) or {}).get("Default")
    return value if isinstance(value, str) else ""


def _is_present(name: str, code: Mapping[str, bytes]) -> bool:
    """Whether the code contains a package: its metadata, or a module of its name."""
    tops = {path.split("/")[0] for path in code}
    distributions = {
        normalized(top.split("-")[0]) for top in tops if top.endswith((".dist-info", ".egg-info"))
    }
    return name in distributions or bool({name.replace("-", "_"), f"{name.replace('-', '_')}.py"} & tops)
