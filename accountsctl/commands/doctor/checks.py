"""`doctor`: everything about an environment that is worth a look, one check after the other.

    project      what stops a push: faults of the files, and of the templates that they make; and runtimes that end
    database     in the files: kinds and versions of databases that AWS no longer supports
    code         functions that use version 2 of the AWS SDK for JavaScript
    rights       functions that call what their roles do not allow
    access       APIs that answer anyone
    secrets      secrets in plain text in the files
    tools        what commands need on this machine
    credentials  whose they are, and for which region
    pools        imported user pools that are no longer as they were imported
    stack        the root stack's status
    changes      what a push would change
    deployment   resources of an API that its stage does not serve yet
    database     clusters that sleep, or cannot be reached
    functions    functions that are broken, or failed in the last hour
    calls        APIs and function URLs that answer with 5xx

A check that cannot be made says why, and the others are made all the same. Nothing is changed anywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from accountsctl.commands.doctor import findings as judging
from accountsctl.commands.doctor.check_sources import CheckSources
from accountsctl.commands.doctor.failing_calls import failing_calls
from accountsctl.commands.doctor.inspect import Look
from accountsctl.commands.functions.last_failure import LastFailure
from accountsctl.commands.stacks.outputs import function_names
from accountsctl.commands.stacks.preview import preview
from accountsctl.model.assembly import Assembly
from accountsctl.model.endpoints import HttpEndpoint
from accountsctl.model.environment import Cloud
from accountsctl.model.errors import AccountsctlError, CloudError, CouldNotLook
from accountsctl.model.health import Check, Health, Outcome
from accountsctl.model.plan import Action
from accountsctl.ports.stacks import DeployedStack, Stacks

HOUR = timedelta(hours=1)
BROKEN = frozenset({"Failed", "Inactive", "UpdateFailed"})
UNREADABLE = "The project cannot be read."


@dataclass(frozen=True)
class CheckUp:
    """All checks of one environment."""

    sources: CheckSources

    def run(self) -> Health:
        """Make all checks. Raises nothing of our own: what fails is in the result."""
        environment = self.sources.environment
        review = self.sources.review(self.sources.now().date())
        cloud = list(self._cloud(review.assembly))
        checks = (*review.checks, *judging.tools(self.sources.tools(review.assembly)), *cloud)
        blind = any(check.name == "credentials" and check.outcome is Outcome.UNCHECKED for check in cloud)
        return Health(environment.name, environment.cloud.value, environment.region, checks, blind)

    def _cloud(self, assembly: Assembly | None) -> Iterator[Check]:
        if self.sources.unused:
            yield Check(
                "credentials", Outcome.OK, "The embedded cloud needs none; it was never started here."
            )
            yield from self._pools()
            yield judging.stack(None, self.sources.environment)
            yield from _nothing_deployed()
            return
        try:
            caller = self.sources.caller()
        except CloudError as error:
            yield _unchecked("credentials", error)
            for name in ("pools", "stack", "changes", "deployment", "database", "functions", "calls"):
                yield Check(name, Outcome.UNCHECKED, "The cloud could not be asked; see credentials.")
            return
        yield judging.credentials(caller, self.sources.environment)
        yield from _guarded("pools", self._pools)
        stacks, current = self.sources.stacks(), None
        try:
            current = stacks.current(self.sources.environment.stack_name)
            yield judging.stack(current, self.sources.environment)
        except CloudError as error:
            yield _unchecked("stack", error)
        if current is None:
            yield from _nothing_deployed()
            return
        yield from _guarded("changes", lambda: _changes(assembly, stacks, current))
        yield from self._deployed()
        yield from _guarded("calls", lambda: self._calls(current))

    def _pools(self) -> Iterator[Check]:
        problems = self.sources.pool_problems()
        if problems is None:
            why = "The embedded cloud makes the pools that an environment imports by itself."
            yield Check("pools", Outcome.UNCHECKED, why)
        elif not problems:
            yield Check("pools", Outcome.OK, "What is imported is as it was imported.")
        for problem in problems or ():
            yield Check("pools", Outcome.FINDING, problem, "accountsctl import auth NAME links another one.")

    def _deployed(self) -> Iterator[Check]:
        try:
            look = self.sources.look()
        except (CloudError, CouldNotLook) as error:
            for name in ("deployment", "database"):
                yield _unchecked(name, error)
            look = Look({}, ())
        else:
            yield from judging.deployment(look)
            yield from _guarded("database", lambda: self._database(look.seen))
        yield from _guarded("functions", lambda: self._functions(look))

    def _database(self, seen: Mapping[str, Any]) -> Iterator[Check]:
        clusters = seen.get("clusters") or {}
        if not clusters:
            yield Check("database", Outcome.OK, "There is no cluster.")
        for cluster in clusters.values():
            yield judging.cluster(cluster, self._capacity(cluster))

    def _capacity(self, cluster: Mapping[str, Any]) -> float | str | None:
        """A cluster's capacity; a sentence where it could not be asked for; None if it does not matter."""
        if (cluster.get("serverlessV2") or {}).get("MinCapacity") != 0:
            return None
        if self.sources.environment.cloud is Cloud.LOCAL:
            return None  # the embedded cloud's database does not pause by itself
        try:
            capacity = self.sources.telemetry().capacity(cluster["DBClusterIdentifier"])
        except CloudError as error:
            return error.why or error.what
        return "CloudWatch has measured nothing yet" if capacity is None else capacity

    def _functions(self, look: Look) -> Iterator[Check]:
        states = {name: function.state for api in look.apis for name, function in api.functions.items()}
        names = function_names(self.sources.outputs())
        if not names:
            yield Check("functions", Outcome.OK, "There is no function.")
        for resource, name in names.items():
            if states.get(name) in BROKEN:
                message = f"{resource} ({name}) is {states[name]} and does not run."
                yield Check(
                    "functions", Outcome.FINDING, message, f"aws lambda get-function --function-name {name}"
                )
            else:
                yield from _guarded("functions", partial(self._errors, resource, name))

    def _calls(self, current: DeployedStack) -> Iterator[Check]:
        endpoints = self.sources.endpoints()
        if not endpoints:
            yield Check("calls", Outcome.OK, "There is no API and no function URL.")
        since = self.sources.now() - HOUR
        for endpoint in endpoints:
            yield from _guarded("calls", partial(self._calls_of, endpoint, since, current.changed))

    def _calls_of(self, endpoint: HttpEndpoint, since: datetime, changed: datetime | None) -> Iterator[Check]:
        errors = self.sources.api_telemetry().api_errors(endpoint, since)
        yield failing_calls(endpoint, errors, changed)

    def _errors(self, resource: str, name: str) -> Iterator[Check]:
        since = self.sources.now() - HOUR
        errors = self.sources.telemetry().errors(name, since)
        failure = self.sources.failure(resource, since)
        command = f"accountsctl logs {resource.removeprefix('function/')} --since 1h"
        if not errors.count:
            # What Lambda does not count, such as a function that uses all of its memory.
            yield (
                Check("functions", Outcome.FINDING, f"{resource}: {failure.text}{_at(failure)}", command)
                if failure
                else Check("functions", Outcome.OK, f"{resource} has logged no error in the last hour.")
            )
            return
        times = "once" if errors.count == 1 else f"{errors.count} times"
        latest = f" Last: {errors.latest}" if errors.latest else ""
        message = f"{resource} has failed {times} in the last hour.{latest}{_at(failure)}"
        yield Check("functions", Outcome.FINDING, message, command)


def _at(failure: LastFailure | None) -> str:
    """Where a failure is in the project and what to do about it, as a sentence; empty if neither is known."""
    sentence = failure.sentence() if failure else ""
    return f" ({sentence})" if sentence else ""


def _nothing_deployed() -> Iterator[Check]:
    for name in ("changes", "deployment", "database", "functions", "calls"):
        yield Check(name, Outcome.UNCHECKED, "Nothing is deployed, as far as could be seen.")


def _guarded(name: str, checks: Callable[[], Iterable[Check]]) -> Iterator[Check]:
    """The checks, or why they could not be made."""
    try:
        yield from list(checks())
    except CloudError as error:
        yield _unchecked(name, error)


def _unchecked(name: str, error: AccountsctlError) -> Check:
    return Check(name, Outcome.UNCHECKED, f"{error.what} {error.why}".strip(), error.hint)


def _changes(assembly: Assembly | None, stacks: Stacks, current: DeployedStack) -> Iterator[Check]:
    if assembly is None:
        yield Check("changes", Outcome.UNCHECKED, UNREADABLE)
        return
    changes = [
        change for change in preview(assembly, stacks, current).changes if change.action is not Action.NONE
    ]
    if changes:
        named = ", ".join(str(change.id) for change in changes)
        message = f"A push would change {named}."
        yield Check("changes", Outcome.NOTE, message, "accountsctl push --dry-run")
    else:
        yield Check("changes", Outcome.OK, "What is deployed is what is on disk.")
