"""Which function of a project a command is about."""

from __future__ import annotations

from accountsctl.commands.project.rehearse import ProjectEditor
from accountsctl.model.errors import UsageError
from accountsctl.model.names import ResourceId
from accountsctl.model.suggestions import did_you_mean

SERVICE = "Lambda"


def project_functions(editor: ProjectEditor) -> list[ResourceId]:
    """The functions of the backend, in the order of its file."""
    return [
        resource.id
        for resource in editor.backend
        if resource.service == SERVICE and resource.id.category == "function"
    ]


def chosen_function(editor: ProjectEditor, name: str | None, flag: str = "--function") -> ResourceId:
    """The function called ``NAME`` or ``function/NAME``; without a name, the only one of the project.

    UsageError if there is none, or if there are several and none is named.
    """
    functions = {function.name: function for function in project_functions(editor)}
    if name is None and len(functions) == 1:
        return next(iter(functions.values()))
    names = ", ".join(functions) or "none"
    if name is None:
        raise UsageError(
            "It is not clear which function is meant.",
            why=f"The project's functions are: {names}.",
            hint=f"Name one with {flag}." if functions else "Add one: accountsctl add function NAME",
        )
    bare = name.removeprefix("function/")
    if bare not in functions:
        raise UsageError(
            f"There is no function {bare}.",
            why=f"The project's functions are: {names}.",
            hint=did_you_mean(bare, functions) or "Name one of these.",
        )
    return functions[bare]


def require_live(editor: ProjectEditor, function: ResourceId) -> None:
    """UsageError if the environment keeps the function as Amplify deployed it: then no file of the project counts."""
    if function in editor.project.frozen:
        environment = editor.project.environment.name
        raise UsageError(
            f"{function} stays as it was when {environment} was adopted, so no setting of it can change.",
            hint=f"Render it from the project's files first: accountsctl convert {function} -e {environment}",
        )
