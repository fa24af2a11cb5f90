"""`function secret`: values that no file holds. A function gets the name of each in a variable, and may read it.

name       parameters.json ("secrets"); function-parameters.json for a function with a template of Amplify's
value      a SecureString of SSM, one for each environment
function   os.environ["NAME"] is the parameter's name; its role may call ssm:GetParameter on it
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from accountsctl.commands.functions.choose import project_functions, require_live
from accountsctl.commands.functions.variables import check_variable_name
from accountsctl.commands.project.rehearse import ProjectEditor
from accountsctl.formats.layout import FUNCTION_PARAMETERS, parameters_file, resource_folder
from accountsctl.model.edit import Edit
from accountsctl.model.errors import UsageError
from accountsctl.model.names import ResourceId, secret_place
from accountsctl.model.project import SECRETS, VARIABLES
from accountsctl.model.reports import EditResult, FunctionSecret
from accountsctl.model.suggestions import did_you_mean
from accountsctl.ports.secrets import SecretStore
from accountsctl.synth.function_parameters import APP_PARAMETER, amplify_secrets, secrets_path

MOST_BYTES = 4096
"""Of a standard parameter: https://docs.aws.amazon.com/general/latest/gr/ssm.html"""


@dataclass(frozen=True)
class SecretsOf:
    """The secrets of one function, in the editor's environment."""

    editor: ProjectEditor
    function: ResourceId
    store: SecretStore

    def check(self, name: str) -> None:
        """UsageError if a secret of this name cannot be set, ProjectError if the project would have a fault."""
        require_live(self.editor, self.function)
        check_variable_name(name)
        variables = self.editor.project.effective_parameters(self.function).get(VARIABLES, {})
        if name in variables:
            raise UsageError(
                f"{self.function} has a variable {name}.",
                why="A secret is a variable, too: it holds the name under which the value is stored.",
                hint=f"Remove it first: accountsctl function env unset {self.function.name} {name}",
            )
        self._place(name)
        self.editor.check(self._declaration(name))

    def set(self, name: str, value: str) -> EditResult:
        """Store the value, then let the function read it. UsageError for a value that SSM does not take."""
        if not value or len(value.encode()) > MOST_BYTES:
            raise UsageError(
                f"The value of {name} has {len(value.encode()):,} bytes; it must have 1 to {MOST_BYTES:,}.",
                why="Parameter Store takes neither an empty value nor a longer one.",
                hint="Keep a larger one in Secrets Manager, and its ARN in a variable.",
            )
        self.check(name)
        environment, place = self.editor.project.environment.name, self._place(name)
        self.store.put(place, value)
        self.editor.apply(self._declaration(name))
        known = name in declared(self.editor, self.function)
        notes = [f"The function finds that name in its variable {name}, and may read the value."]
        if not known:
            notes.append(f"Deploy that: accountsctl push -e {environment}")
            notes.append("Set the value in every other environment, too.")
        return EditResult(
            f"Stored {name} of {self.function} for {environment}, as {place} of SSM.", tuple(notes)
        )

    def remove(self, name: str) -> EditResult:
        """Delete the value in this environment, and let no environment's function expect it."""
        require_live(self.editor, self.function)
        names = declared(self.editor, self.function)
        if name not in names:
            raise UsageError(
                f"{self.function} has no secret {name}.",
                why=f"It has: {', '.join(names) or 'none'}.",
                hint=did_you_mean(name, names) or "Name one of these.",
            )
        place, environment = self._place(name), self.editor.project.environment.name
        self.editor.apply(self._declaration(name, present=False))
        gone = self.store.remove(place)
        value = f"{place} is deleted." if gone else f"There was no value in {environment}."
        others = [other for other in self.editor.workspace.environments() if other != environment]
        notes = [value, f"Deploy that: accountsctl push -e {environment}"]
        notes += [f"Values that are stored for {', '.join(others)} stay in SSM."] if others else []
        return EditResult(f"Removed the secret {name} of {self.function}.", tuple(notes))

    def _place(self, name: str) -> str:
        return place_of(self.editor, self.function, name)

    def _declaration(self, name: str, *, present: bool = True) -> Edit:
        """The edit by which the function's files state the secret, or no longer do."""
        amplifys = _is_amplifys(self.editor, self.function)
        folder = resource_folder(self.function)
        file = f"{folder}/{FUNCTION_PARAMETERS}" if amplifys else parameters_file(self.function)
        key = "secretNames" if amplifys else SECRETS

        def change(content: dict[str, Any]) -> None:
            kept = [known for known in content.get(key, []) if known != name]
            if present and name in content.get(key, []):
                return
            content[key] = [*kept, name] if present else kept
            if not content[key]:
                del content[key]

        return Edit(json={file: change})


def all_secrets(
    editor: ProjectEditor, functions: list[ResourceId] | None, store: SecretStore
) -> tuple[FunctionSecret, ...]:
    """The secrets of functions (None: of all), and whether each has a value in the environment."""
    chosen = project_functions(editor.backend) if functions is None else functions
    places = {
        (function.name, name): place_of(editor, function, name)
        for function in chosen
        for name in declared(editor, function)
    }
    stored = store.stored(places.values()) if places else frozenset()
    return tuple(
        FunctionSecret(function, name, place, place in stored) for (function, name), place in places.items()
    )


def declared(editor: ProjectEditor, function: ResourceId) -> tuple[str, ...]:
    """The names of a function's secrets, as its files state them."""
    return tuple(_declared(editor, function))


def _declared(editor: ProjectEditor, function: ResourceId) -> Iterator[str]:
    project = editor.project
    if _is_amplifys(editor, function):
        yield from amplify_secrets(project, function)
    else:
        yield from project.effective_parameters(function).get(SECRETS, [])
        yield from amplify_secrets(project, function)


def place_of(editor: ProjectEditor, function: ResourceId, name: str) -> str:
    """The name of a secret in SSM; UsageError if the function is Amplify's and the id of its app is not known."""
    project = editor.project
    amplifys = _is_amplifys(editor, function) or name in amplify_secrets(project, function)
    if not amplifys:
        return secret_place(project.environment.stack_name, function, name)
    app = project.effective_parameters(function).get(APP_PARAMETER)
    if app is None:
        raise UsageError(
            f"It is not known where {function} looks for its secrets.",
            why=f"Their path has the id of the Amplify app, and {project.environment.name} has no {APP_PARAMETER}.",
            hint=f'Add "{APP_PARAMETER}" to {parameters_file(function)}.',
        )
    return f"{secrets_path(str(app), project.environment.name, function.name)}{name}"


def _is_amplifys(editor: ProjectEditor, function: ResourceId) -> bool:
    source = editor.project.sources.get(function)
    return source is not None and source.template is not None
