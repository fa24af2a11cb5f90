"""The code of a function as the project has it, for those who explain its failures."""

from __future__ import annotations

from accountsctl.commands.functions.explained import FunctionCode
from accountsctl.model.names import ResourceId
from accountsctl.model.project import Project


def function_code(project: Project, name: str) -> FunctionCode:
    """The function called `name`; without files if the project does not have it."""
    resource = ResourceId("function", name)
    source = project.sources.get(resource)
    parameters = project.effective_parameters(resource)
    timeout, memory = parameters.get("timeout", 25), parameters.get("memorySize", 512)
    return FunctionCode(
        name,
        str(parameters.get("handler", "index.handler")),
        source.code if source else {},
        timeout if isinstance(timeout, int) else 25,
        memory if isinstance(memory, int) else 512,
    )
