"""Secrets that stand in the project's files as plain text: in Git, whoever can read the repository can read them.

A secret is recognized by the name of its key or by its form. Its value is never part of what is reported.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping

from accountsctl.formats.json_reader import read
from accountsctl.formats.json_source import JsonPath, Source
from accountsctl.formats.plain_secrets import secret_paths
from accountsctl.model.health import Check, Outcome

CURE = (
    "Take it out and change it where it came from: in Git it stays readable. Keep the new one in Secrets Manager, "
    "and pass the function its name."
)


def plain_secrets(texts: Mapping[str, str], refused: Container[tuple[str, int]]) -> Iterator[Check]:
    """A finding for each secret. `texts` are JSON files by their path; what cannot be read is passed over.

    `refused` are the files and lines of faults: those that are secrets too are reported already.
    """
    for file in sorted(texts):
        source = read(texts[file], file)
        for path in secret_paths(source.value):
            if (file, source.line_of(*path)) not in refused:
                message = f"{_place(source, path)} is a secret in plain text."
                yield Check("secrets", Outcome.FINDING, message, CURE)


def _place(source: Source, path: JsonPath) -> str:
    return f"{source.file}:{source.line_of(*path)}: {'.'.join(map(str, path))}"
