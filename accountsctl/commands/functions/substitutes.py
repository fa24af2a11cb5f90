"""Functions that run on another version here than on AWS, because this machine lacks their runtime's own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from accountsctl.model.assembly import Child

FUNCTION = "AWS::Lambda::Function"
RunsOn = Callable[[str], str | None]
"""By a runtime's name: what the embedded cloud runs it on if that is another version (`Python 3.11`), else None."""


def substitutes(children: Iterable[Child], runs_on: RunsOn) -> Iterator[str]:
    """A sentence for each version that stands in for a runtime's own, with the functions that it runs."""
    functions: dict[str, list[str]] = {}
    for child in children:
        for runtime in sorted(set(_runtimes(child))):
            functions.setdefault(runtime, []).append(str(child.id))
    for runtime, names in sorted(functions.items()):
        if substitute := runs_on(runtime):
            verb = "run" if len(names) > 1 else "runs"
            yield (
                f"{', '.join(names)} {verb} on {substitute} here, and on {runtime} on AWS:"
                f" this machine has no other version. {_remedy(runtime)}"
            )


def _runtimes(child: Child) -> Iterator[str]:
    for resource in child.template.body.get("Resources", {}).values():
        properties = resource.get("Properties") or {}
        runtime = properties.get("Runtime") if resource.get("Type") == FUNCTION else None
        if isinstance(runtime, str):
            yield runtime


def _remedy(runtime: str) -> str:
    version = runtime.removeprefix("python").removeprefix("nodejs").removesuffix(".x")
    if runtime.startswith("nodejs"):
        return f"Install it, for example: nvm install {version}"
    return f"Install it, for example: uv python install {version}"
