"""`function env`: the environment variables of a function, for one environment or for all.

Those of one environment stand in its file, those of all in the function's parameters.json; an environment's value
counts. A value that looks like a secret is refused, since both files are committed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from accountsctl.commands.functions.choose import require_live
from accountsctl.commands.project.rehearse import ProjectEditor
from accountsctl.formats.edits import parameters_in
from accountsctl.formats.layout import environment_file, parameters_file
from accountsctl.formats.plain_secrets import secret_paths
from accountsctl.model.edit import Change, Edit
from accountsctl.model.errors import UsageError
from accountsctl.model.names import VARIABLE_NAME, ResourceId
from accountsctl.model.project import VARIABLES
from accountsctl.model.reports import EditResult, FunctionVariable
from accountsctl.model.suggestions import did_you_mean

RESERVED = re.compile(
    r"_HANDLER|_X_AMZN_TRACE_ID|AWS_(DEFAULT_)?REGION|AWS_EXECUTION_ENV|AWS_LAMBDA_\w+|AWS_ACCESS_KEY(_ID)?"
    r"|AWS_SECRET_ACCESS_KEY|AWS_SESSION_TOKEN|LAMBDA_TASK_ROOT|LAMBDA_RUNTIME_DIR"
)
"""https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime"""


@dataclass(frozen=True)
class VariablesOf:
    """The variables of one function. `everywhere`: those that count in all environments."""

    editor: ProjectEditor
    function: ResourceId
    everywhere: bool = False

    def set(self, values: Mapping[str, str]) -> EditResult:
        """Set variables. UsageError if a name is not valid, or if a value looks like a secret."""
        self._require_ours()
        for name, value in values.items():
            check_variable_name(name)
            self._check_no_secret(name, value)
        self._apply(lambda variables: variables.update(values))
        return self._result("Set", values)

    def unset(self, names: Iterable[str]) -> EditResult:
        """Remove variables; in one environment, also one that all have. UsageError for a name that is not set."""
        self._require_ours()
        known = {variable.name for variable in variables_of(self.editor, self.function)}
        common = self.editor.project.sources[self.function].parameters.get(VARIABLES, {})
        names = list(names)
        for name in names:
            if name not in known:
                raise UsageError(
                    f"{self.function} has no variable {name}.",
                    why=f"It has: {', '.join(sorted(known)) or 'none'}.",
                    hint=did_you_mean(name, known) or "Name one of these.",
                )

        def change(variables: dict[str, Any]) -> None:
            for name in names:
                variables.pop(name, None)
                if name in common and not self.everywhere:
                    variables[name] = None  # hides the value that all environments have

        self._apply(change)
        return self._result("Removed", names)

    def _apply(self, change: Change) -> None:
        function = self.function

        def in_environment(content: dict[str, Any]) -> None:
            change(parameters_in(content, function).setdefault(VARIABLES, {}))

        def in_all(content: dict[str, Any]) -> None:
            change(content.setdefault(VARIABLES, {}))

        self.editor.apply(Edit(json={self._file: in_all if self.everywhere else in_environment}))

    @property
    def _file(self) -> str:
        name = self.editor.project.environment.name
        return parameters_file(self.function) if self.everywhere else environment_file(name)

    def _require_ours(self) -> None:
        require_live(self.editor, self.function)
        source = self.editor.project.sources.get(self.function)
        if source is None or source.template is not None:
            what = source.template.file if source and source.template else "its own template"
            raise UsageError(
                f"{self.function} has a template of its own, which states its variables.",
                why="A template of the project is not rewritten.",
                hint=f'Add them to "Environment" in {what}; their values can be parameters.',
            )
        if not self.everywhere and not self.editor.workspace.exists(self._file):
            raise UsageError(
                f"There is no {self._file} to write to.",
                why="The variables of an environment stand there.",
                hint="Add it: accountsctl env add NAME",
            )

    def _check_no_secret(self, name: str, value: str) -> None:
        if any(True for _ in secret_paths({name: value})):
            raise UsageError(
                f"{name} looks like a secret, and {self._file} is committed.",
                why="Everyone who can read the repository could read it.",
                hint=f"Store it instead: accountsctl function secret set {self.function.name} {name}",
            )

    def _result(self, verb: str, names: Collection[str]) -> EditResult:
        name = self.editor.project.environment.name
        where = "all environments" if self.everywhere else name
        own = self.editor.project.environment.parameters_of(self.function).get(VARIABLES, {})
        hidden = [variable for variable in names if variable in own]
        notes = [f"It is in {self._file}. Deploy it: accountsctl push -e {name}"]
        if self.everywhere and hidden:
            notes.append(f"{name} has values of its own, which count there: {', '.join(hidden)}.")
        return EditResult(f"{verb} {', '.join(names)} of {self.function} in {where}.", tuple(notes))


def check_variable_name(name: str) -> None:
    """UsageError if Lambda does not take a variable of this name."""
    if not VARIABLE_NAME.fullmatch(name):
        raise UsageError(
            f'"{name}" is not a valid name for an environment variable.',
            why="Lambda refuses it.",
            hint="Use letters, digits and _, a letter first, two at least.",
        )
    if RESERVED.fullmatch(name):
        raise UsageError(
            f"{name} is set by Lambda itself.",
            why="It refuses functions that set it.",
            hint="Choose another name.",
        )


def variables_of(editor: ProjectEditor, function: ResourceId) -> Iterator[FunctionVariable]:
    """The variables of a function in the environment, by name; what looks like a secret is hidden."""
    source = editor.project.sources.get(function)
    common = source.parameters.get(VARIABLES, {}) if source else {}
    environment = editor.project.environment
    own = environment.parameters_of(function).get(VARIABLES, {})
    for name, value in sorted(editor.project.effective_parameters(function).get(VARIABLES, {}).items()):
        file = environment_file(environment.name) if name in own else parameters_file(function)
        secret = any(True for _ in secret_paths({name: value}))
        shown = "****" if secret else str(value)
        yield FunctionVariable(function.name, name, shown, file, name in own and name in common)
