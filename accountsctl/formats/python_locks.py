"""Requirements as pip and uv read them, out of the files of other tools: Pipfile, Pipfile.lock, poetry.lock.

Sources: https://packaging.python.org/en/latest/specifications/dependency-specifiers/,
https://pipenv.pypa.io/en/latest/pipfile.html, https://python-poetry.org/docs/dependency-specification/.
An entry with a path is left out: Amplify writes the function's own folder there.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import TypeGuard

PUBLIC_INDEX = "pypi"
"""Pipenv's name for the public index. Installers know it, or what this machine is configured to use in its place."""
_NAME = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)")
_WITH_VERSION = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*\(?\s*[=<>~!]")
_NESTED = re.compile(r"^\s*(?:-r|--requirement|-c|--constraint)[\s=]*([^\s#]+)")


def normalized(name: str) -> str:
    """A package's name as indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def names(requirements: str) -> frozenset[str]:
    """The normalized names of the packages of a requirements file."""
    found = (_NAME.match(line.strip()) for line in requirements.splitlines())
    return frozenset(normalized(match[1]) for match in found if match)


def names_with_version(requirements: str) -> frozenset[str]:
    """The normalized names of the packages of a requirements file of which it states a version, or a range."""
    found = (_WITH_VERSION.match(line.strip()) for line in requirements.splitlines())
    return frozenset(normalized(match[1]) for match in found if match)


def nested_files(requirements: str) -> tuple[str, ...]:
    """The further files that a requirements file names with -r or -c, as it writes them."""
    return tuple(match[1] for line in requirements.splitlines() if (match := _NESTED.match(line)))


def pipfile_lock(text: str) -> str:
    """The default packages of a Pipfile.lock, with their hashes and indexes; ValueError if it cannot be read."""
    lock = _object(json.loads(text))
    lines = [*_indexes(_object(lock.get("_meta")).get("sources"))]
    for name, entry in sorted(_object(lock.get("default")).items()):
        if isinstance(entry, Mapping) and not _is_local(entry):
            hashes = entry.get("hashes")
            pins = [f"--hash={value}" for value in hashes] if isinstance(hashes, list) else []
            lines.append(" ".join([_requirement(name, entry), *pins]))
    return "\n".join(lines) + "\n"


def pipfile(text: str) -> str:
    """The packages of a Pipfile, in whatever versions it allows; ValueError if it cannot be read."""
    content = tomllib.loads(text)
    lines = [*_indexes(content.get("source"))]
    for name, entry in sorted(_object(content.get("packages")).items()):
        if isinstance(entry, str):
            lines.append(name if entry == "*" else f"{name}{entry}")
        elif isinstance(entry, Mapping) and not _is_local(entry):
            lines.append(_requirement(name, entry))
    return "\n".join(lines) + "\n"


def poetry_lock(project: str, lock: str) -> tuple[str, str]:
    """What a project of Poetry's requires, and the version of each package as constraints; ValueError as above.

    The lock file of older versions does not tell what is needed at run time, so that is worked out again under the
    constraints.
    """
    pins = tomllib.loads(lock).get("package")
    constraints = [
        f"{package['name']}=={package['version']}"
        for package in (pins if isinstance(pins, list) else [])
        if _is_object(package) and "name" in package and "version" in package and "source" not in package
    ]
    return "\n".join(required_by_project(project)) + "\n", "\n".join(constraints) + "\n"


def required_by_project(text: str) -> list[str]:
    """What a pyproject.toml requires at run time, as requirements; ValueError if it cannot be read."""
    content = tomllib.loads(text)
    stated = _object(content.get("project")).get("dependencies")
    if isinstance(stated, list):
        return [str(requirement) for requirement in stated]
    poetry = _object(_object(_object(content.get("tool")).get("poetry")).get("dependencies"))
    # The lock file has the versions, and Poetry's own operators are not those of pip.
    return [
        _requirement(name, {**entry, "version": "*"} if isinstance(entry, Mapping) else {})
        for name, entry in sorted(poetry.items())
        if name != "python"
        and not (isinstance(entry, Mapping) and (_is_local(entry) or entry.get("optional")))
    ]


def _requirement(name: str, entry: Mapping[str, object]) -> str:
    extras = entry.get("extras")
    named = f"{name}[{','.join(map(str, extras))}]" if isinstance(extras, list) and extras else name
    markers = f" ; {entry['markers']}" if entry.get("markers") else ""
    if entry.get("git"):
        return f"{named} @ git+{entry['git']}@{entry.get('ref', 'HEAD')}{markers}"
    version = str(entry.get("version") or "*")
    return f"{named}{'' if version == '*' else version}{markers}"


def _indexes(sources: object) -> Iterator[str]:
    """The options for the indexes of a Pipfile; none for the public one alone."""
    entries = sources if isinstance(sources, list) else []
    stated = [source for source in entries if _is_object(source) and "url" in source]
    if [source.get("name") for source in stated] in ([], [PUBLIC_INDEX]):
        return
    urls = [str(source["url"]) for source in stated]
    yield f"--index-url {urls[0]}"
    yield from (f"--extra-index-url {url}" for url in urls[1:])


def _is_local(entry: Mapping[str, object]) -> bool:
    return "path" in entry or "file" in entry


def _is_object(value: object) -> TypeGuard[Mapping[str, object]]:
    return isinstance(value, Mapping)


def _object(value: object) -> Mapping[str, object]:
    return value if _is_object(value) else {}
