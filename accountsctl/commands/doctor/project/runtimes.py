"""Lambda runtimes that have ended, or will within a year."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from accountsctl.commands.doctor.project.resources import FUNCTION, EvaluatedProject
from accountsctl.model.health import Check, Outcome
from accountsctl.synth import runtimes


def retired_runtimes(project: EvaluatedProject, today: date) -> Iterator[Check]:
    """A note for each function whose runtime ends; one that AWS refuses to create is a fault of the project already."""
    for function in project.of_type(FUNCTION):
        name = function.text("Runtime")
        runtime = runtimes.RUNTIMES.get(name)
        if runtime is None or runtime.blocked <= today:
            continue
        sentence = runtimes.warning(name, today)
        if runtime.deprecated <= today:
            sentence = (
                f"The runtime {name} has had no security patches since {runtime.deprecated}, and from "
                f"{runtime.blocked} on AWS creates no function with it."
            )
        if sentence:
            cure = f"Move {function.child.id} to {runtimes.replacement(name)}."
            message = f"{function.child.id}: {sentence}"
            yield project.check("project", Outcome.NOTE, (function, "Runtime"), message, cure)
