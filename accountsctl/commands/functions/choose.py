"""Which function of a project a command is about."""

from __future__ import annotations

from collections.abc import Iterable

from accountsctl.commands.project.rehearse import ProjectEditor
from accountsctl.model.backend import Backend
from accountsctl.model.errors import UsageError
from accountsctl.model.names import ResourceId
from accountsctl.model.suggestions import did_you_mean

SERVICE = "Lambda"
ADD_ONE = "Add one: accountsctl add function NAME"


def project_functions(backend: Backend) -> list[ResourceId]:
    """The functions of the backend, in the order of its file."""
    return [
        resource.id
        for resource in backend
        if resource.service == SERVICE and resource.id.category == "function"
    ]


def chosen_function(editor: ProjectEditor, name: str | None, flag: str = "--function") -> ResourceId:
    """The function called ``NAME`` or ``function/NAME``; without a name, the only one of the project.

    UsageError if there is none, or if there are several and none is named.
    """
    if name is not None:
        return find_function(editor.backend, name)
    functions = project_functions(editor.backend)
    if len(functions) == 1:
        return functions[0]
    raise UsageError(
        "It is not clear which function is meant.",
        why=f"The project's functions are: {_names(functions)}.",
        hint=f"Name one with {flag}." if functions else ADD_ONE,
    )


def find_function(backend: Backend, name: str) -> ResourceId:
    """The project's function called ``NAME`` or ``function/NAME``; UsageError that suggests the nearest one."""
    functions = {function.name: function for function in project_functions(backend)}
    bare = name.removeprefix("function/")
    if bare not in functions:
        raise UsageError(
            f"There is no function {bare}.",
            why=f"The project's functions are: {_names(functions.values())}.",
            hint=did_you_mean(bare, functions) or ("Name one of these." if functions else ADD_ONE),
        )
    return functions[bare]


def _names(functions: Iterable[ResourceId]) -> str:
    return ", ".join(function.name for function in functions) or "none"


def require_live(editor: ProjectEditor, function: ResourceId) -> None:
    """UsageError if the environment keeps the function as Amplify deployed it: then no file of the project counts."""
    if function in editor.project.frozen:
        environment = editor.project.environment.name
        raise UsageError(
            f"{function} stays as it was when {environment} was adopted, so no setting of it can change.",
            why="Its template is the one that Amplify deployed.",
            hint=f"Render it from the project's files first: accountsctl convert {function} -e {environment}",
        )
