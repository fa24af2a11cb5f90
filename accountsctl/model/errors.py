"""Every error that a user can meet, as one tree.

    AccountsctlError                 what, why, hint; exit code
    ├── UsageError            2      a flag or a prompt's response is missing or wrong
    ├── ProjectError          2      the project's files; carries every fault found, not the first
    ├── CloudError            3      AWS, or the embedded cloud, refused a call
    │   └── ChangeSetRefused  3      a change set failed; carries the reasons of all nested ones
    ├── StackFailed           4      a stack failed; names the first cause
    ├── CouldNotLook          4      the doctor could not inspect anything
    └── Declined              130    the user said no

An error is three lines: what happened, why, and what to do next. Any other exception that reaches the user is a bug.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace


class AccountsctlError(Exception):
    """What happened (`what`), the reason (`why`), the next step (`hint`); each one sentence, plain text."""

    exit_code = 1

    def __init__(self, what: str, *, why: str = "", hint: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.why = why
        self.hint = hint


class UsageError(AccountsctlError):
    """The command line, or the response to a prompt, is wrong."""

    exit_code = 2


class CloudError(AccountsctlError):
    """A call was refused. `code` is AWS's error code, empty if there was no response."""

    exit_code = 3

    def __init__(self, what: str, *, why: str = "", hint: str = "", code: str = "") -> None:
        super().__init__(what, why=why, hint=hint)
        self.code = code


@dataclass(frozen=True)
class RefusedChange:
    """One reason why a change set failed.

    `path` are the logical ids from the root to the resource, empty for the root stack itself; `type` is the
    resource's type and `property` the JSON pointer of what is wrong, both empty if AWS did not name them.
    """

    path: tuple[str, ...]
    message: str
    type: str = ""
    property: str = ""

    def place(self, resources: Mapping[str, str]) -> str:
        """Where it is: "storage/files: Bucket (AWS::S3::Bucket) at /Properties/BucketNme"; empty for the root."""
        stack, *inner = self.path or ("",)
        names = [": ".join(filter(None, (resources.get(stack, stack), ".".join(inner))))]
        names += [f"({self.type})"] if self.type else []
        # AWS begins the pointer at the template's top; the resource was just named.
        pointer = self.property.removeprefix(f"/Resources/{self.path[-1]}" if self.path else "")
        names += [f"at {pointer}"] if pointer else []
        return " ".join(filter(None, names))


class ChangeSetRefused(CloudError):
    """A change set failed before anything was changed.

    `resources` maps a nested stack's logical id to its ``category/name``.
    """

    def __init__(
        self, stack: str, refusals: Iterable[RefusedChange], resources: Mapping[str, str] | None = None
    ) -> None:
        self.stack = stack
        self.refusals = tuple(refusals)
        self.resources = dict(resources or {})
        stacks = dict.fromkeys(refusal.path[0] for refusal in self.refusals if refusal.path)
        owners = ", ".join(self.resources.get(name, name) for name in stacks) or f"the stack {stack}"
        lines = [(refusal.place(self.resources), refusal.message) for refusal in self.refusals]
        super().__init__(
            f"CloudFormation refuses the change of {owners}.",
            why="\n".join(": ".join(filter(None, line)) for line in lines),
            hint="Fix what is named above, then push again; the change set was not executed.",
            code="ChangeSetFailed",
        )

    def named(self, resources: Mapping[str, str]) -> ChangeSetRefused:
        """The same error, which calls each nested stack by its ``category/name``."""
        return ChangeSetRefused(self.stack, self.refusals, resources)


class StackFailed(AccountsctlError):
    """A stack failed; `resource` is our ``category/name``, empty for the root, `logical_id` that of the failed one."""

    exit_code = 4

    def __init__(
        self,
        what: str,
        *,
        why: str = "",
        hint: str = "",
        resource: str = "",
        logical_id: str = "",
        reason: str = "",
    ) -> None:
        super().__init__(what, why=why or reason, hint=hint)
        self.resource = resource
        self.logical_id = logical_id
        self.reason = reason


class CouldNotLook(AccountsctlError):
    """`doctor` had nothing to inspect: no template, no credentials, no response; so it has no result."""

    exit_code = 4


class Declined(AccountsctlError):
    """The user said no, or interrupted."""

    exit_code = 130


class Terminated(KeyboardInterrupt):
    """SIGTERM: as an interrupt, but no second one can be waited for."""


@dataclass(frozen=True, order=True)
class Fault:
    """One thing that is wrong in the project's files.

    `file` is relative to the project's root, `line` counts from 1 and is 0 if the complete file
    (or its absence) is meant. `resource` is the resource that it concerns (``category/name``), `path` where in
    the file or template it stands, as keys joined by dots; both may be empty.
    """

    file: str
    line: int
    what: str
    hint: str = ""
    resource: str = ""
    path: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.what}" if place else self.what


class ProjectError(AccountsctlError):
    """The project is refused, with all its faults at once."""

    exit_code = 2

    next = "Fix the lines named above."
    """What to do about faults that do not say it themselves."""

    def __init__(self, faults: Iterable[Fault], what: str = "") -> None:
        self.faults = tuple(sorted(set(faults)))
        count = len(self.faults)
        super().__init__(
            what or f"The project has {count} fault{'s' if count != 1 else ''}; nothing was changed.",
            why="\n".join(str(fault) for fault in self.faults),
            hint=next((fault.hint for fault in self.faults if fault.hint), self.next),
        )


class EditRefused(ProjectError):
    """An edit by a command would give the project faults that it does not have: those are of what was asked for."""

    next = "Pass another value."

    def __init__(self, faults: Iterable[Fault], options: Sequence[str] = ()) -> None:
        meant = f"{' and '.join(options)} cannot be used" if options else "The project would have a fault"
        # The file may not exist: it is the one that the edit would have written.
        super().__init__(
            (replace(fault, file="", line=0) for fault in faults), f"{meant}; nothing was changed."
        )


def reason_of(error: OSError) -> str:
    """Why a file cannot be used, as a sentence without Python's number: ``No such file or directory.``"""
    return f"{error.strerror}." if error.strerror else str(error)
