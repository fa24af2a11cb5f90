"""`doctor` alone: every check by what it was given, and by what it was refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from accountsctl.commands.doctor.findings import Tool
from accountsctl.commands.doctor.inspect import Look
from accountsctl.commands.doctor.project.review import ReviewSources
from accountsctl.model.assembly import Assembly
from accountsctl.model.errors import CouldNotLook, Fault, ProjectError
from accountsctl.model.health import Check, Outcome
from accountsctl.model.project import Project
from accountsctl.ports.identity import Caller
from accountsctl.ports.telemetry import Errors
from accountsctl.synth.assembling import Rendering
from tests.fakes import sample
from tests.fakes.stacks import FakeStacks
from tests.unit.commands.doctor.checked import (
    NOW,
    REFUSED,
    Measured,
    check,
    examined,
    look,
    raising,
    stacks,
    with_runtime,
)
from tests.unit.doctor.seen import CLUSTER, api, get, options, seen, summary


def test_a_healthy_environment_is_healthy_and_every_check_was_made() -> None:
    found = examined()
    assert (found.healthy, found.exit_code) == (True, 0)
    assert [each.name for each in found.checks] == [
        *("project", "tools", "credentials", "pools", "stack"),
        *("changes", "deployment", "database", "functions", "calls"),
    ]
    outcomes = {each.name: each.outcome for each in found.checks if each.name != "changes"}
    assert set(outcomes.values()) == {Outcome.OK}


def test_every_fault_of_the_project_is_a_finding_and_the_rest_is_looked_at() -> None:
    faults = [Fault("backend-config.json", 3, "It is wrong.", "Mend it."), Fault("b.json", 1, "So is this.")]
    found = examined(
        review=ReviewSources(
            raising(ProjectError(faults)), raising(AssertionError()), raising(AssertionError())
        ).run
    )
    assert [(each.message, each.next) for each in found.checks if each.name == "project"] == [
        ("b.json:1: So is this.", ""),
        ("backend-config.json:3: It is wrong.", "Mend it."),
    ]
    assert found.exit_code == 1
    (changes,) = [each for each in found.checks if each.name == "changes"]
    assert changes.outcome is Outcome.UNCHECKED


def reviewed(made: Assembly) -> tuple[Check, ...]:
    project = Project("sample", sample.backend(), made.environment, {}, {})
    sources = ReviewSources(lambda: project, lambda: (Rendering(made.children, made, ()), ()), lambda _: {})
    return sources.run(NOW.date()).checks


def test_a_runtime_that_ends_within_a_year_is_noted() -> None:
    found = reviewed(with_runtime("nodejs22.x"))
    assert [each.outcome for each in found] == [Outcome.OK, Outcome.NOTE]
    assert "2027-04-30" in found[1].message
    assert found[1].next.startswith("Move function/work to nodejs24.x.")


def test_a_runtime_without_patches_is_noted_with_the_day_from_which_aws_refuses_it() -> None:
    (_, note) = reviewed(with_runtime("nodejs20.x"))
    assert note.outcome is Outcome.NOTE
    assert (
        "no security patches since 2026-04-30, and from 2027-02-01 on AWS creates no function" in note.message
    )


def test_without_credentials_the_cloud_is_not_looked_at_and_that_is_exit_code_4() -> None:
    found = examined(caller=raising(REFUSED))
    assert found.exit_code == 4
    refused = {each.name for each in found.checks if each.outcome is Outcome.UNCHECKED}
    assert refused == {
        *("credentials", "pools", "stack", "changes"),
        *("deployment", "database", "functions", "calls"),
    }
    (first,) = [each for each in found.checks if each.name == "credentials"]
    assert (first.message, first.next) == ("AWS refused it. You may not.", "Ask.")


def test_a_finding_goes_before_what_could_not_be_looked_at() -> None:
    missing = [Tool("moto", None, "it is used")]
    assert examined(caller=raising(REFUSED), tools=lambda _: missing).exit_code == 1


@pytest.mark.parametrize(
    ("account", "region", "said"),
    [
        ("210987654321", "eu-central-1", "prod belongs to 123456789012"),
        ("123456789012", "us-east-1", "prod is in eu-central-1"),
    ],
)
def test_another_account_or_region_than_the_environments_is_a_finding(
    account: str, region: str, said: str
) -> None:
    environment = replace(sample.environment("prod"), account_id="123456789012")
    found = check("credentials", environment=environment, caller=lambda: Caller(account, "arn", region))
    assert found.outcome is Outcome.FINDING
    assert said in found.message


def test_drift_of_an_imported_pool_is_a_finding_and_the_embedded_clouds_pools_are_its_own() -> None:
    assert check("pools", pool_problems=lambda: ("The pool is gone.",)).outcome is Outcome.FINDING
    assert check("pools", pool_problems=lambda: None).outcome is Outcome.UNCHECKED
    assert check("pools", pool_problems=raising(REFUSED)).outcome is Outcome.UNCHECKED


@pytest.mark.parametrize(
    ("status", "outcome", "following"),
    [
        ("CREATE_COMPLETE", Outcome.OK, ""),
        ("UPDATE_IN_PROGRESS", Outcome.NOTE, "Wait for it to end."),
        ("UPDATE_ROLLBACK_COMPLETE", Outcome.NOTE, "accountsctl push"),
        ("UPDATE_ROLLBACK_FAILED", Outcome.FINDING, "accountsctl recover"),
        (
            "ROLLBACK_COMPLETE",
            Outcome.FINDING,
            "accountsctl push shows the cause; accountsctl delete clears it.",
        ),
    ],
)
def test_the_stacks_status_says_what_to_do(status: str, outcome: Outcome, following: str) -> None:
    found = check("stack", stacks=lambda: stacks(status))
    assert (found.outcome, found.next) == (outcome, following)


def test_an_environment_that_was_never_pushed_is_a_finding_and_nothing_deployed_is_looked_at() -> None:
    found = examined(stacks=FakeStacks, look=raising(AssertionError()), outputs=raising(AssertionError()))
    (stack,) = [each for each in found.checks if each.name == "stack"]
    assert (stack.outcome, stack.next) == (Outcome.FINDING, "accountsctl push")
    assert found.exit_code == 1


def test_an_embedded_cloud_that_was_never_started_is_not_started() -> None:
    none = raising(AssertionError())
    found = examined(unused=True, caller=none, stacks=none, look=none, outputs=none)
    assert (found.exit_code, found.blind) == (1, False)
    assert {each.name for each in found.checks if each.outcome is Outcome.FINDING} == {"stack"}


def test_what_a_push_would_change_is_noted() -> None:
    found = check("changes")
    assert found.outcome is Outcome.NOTE
    assert "rds/cluster" in found.message


def test_a_stale_deployment_is_a_finding_with_the_command_that_deploys() -> None:
    deployed = summary({"GET": get(authorizationType="AWS_IAM"), "OPTIONS": options()})
    told = seen(api(deployments={"d1": {"apiSummary": deployed}}))
    found = check("deployment", look=lambda: look(told))
    assert found.outcome is Outcome.FINDING
    assert "GET /accounts authorization: AWS_IAM is deployed" in found.message
    assert found.next == "aws apigateway create-deployment --rest-api-id api1 --stage-name dev"


def test_a_snapshot_that_was_not_told_is_not_called_current() -> None:
    assert check("deployment", look=lambda: look(seen(api(deployments={})))).outcome is Outcome.UNCHECKED
    assert "integrations could not be compared" in check("deployment").message


@pytest.mark.parametrize("error", [REFUSED, CouldNotLook("Nothing could be looked at.")])
def test_where_the_inspector_is_refused_the_functions_are_looked_at_all_the_same(error: Exception) -> None:
    found = {each.name: each.outcome for each in examined(look=raising(error)).checks}
    assert (found["deployment"], found["database"]) == (Outcome.UNCHECKED, Outcome.UNCHECKED)
    assert found["functions"] is Outcome.OK


def cluster(**changes: Any) -> Look:
    plain = {
        "DBClusterIdentifier": "db",
        "Status": "available",
        "HttpEndpointEnabled": True,
        "serverlessV2": {"MinCapacity": 0.0},
    }
    return look(seen(clusters={CLUSTER: {**plain, **changes}}))


@pytest.mark.parametrize(
    ("units", "changes", "outcome", "said"),
    [
        (2.0, {}, Outcome.OK, "db is available."),
        (0.0, {}, Outcome.NOTE, "db sleeps"),
        (None, {}, Outcome.NOTE, "CloudWatch has measured nothing yet"),
        (REFUSED, {}, Outcome.NOTE, "whether it sleeps is not checked: You may not."),
        (0.0, {"serverlessV2": {"MinCapacity": 0.5}}, Outcome.OK, "db is available."),
        (2.0, {"Status": "stopped"}, Outcome.FINDING, "db is stopped."),
        (2.0, {"HttpEndpointEnabled": False}, Outcome.FINDING, "no Data API"),
    ],
)
def test_a_database_is_awake_asleep_or_out_of_reach(
    units: Any, changes: dict[str, Any], outcome: Outcome, said: str
) -> None:
    found = check("database", look=lambda: cluster(**changes), telemetry=lambda: Measured(units=units))
    assert found.outcome is outcome
    assert said in found.message


def test_the_embedded_database_is_not_said_to_be_awake() -> None:
    measured = Measured()
    local = sample.environment("dev")
    local = replace(local, stack_name="sample-prod")
    found = check("database", environment=local, look=cluster, telemetry=lambda: measured)
    assert (found.outcome, found.message) == (Outcome.OK, "db is available.")
    assert "db" not in measured.asked


@pytest.mark.parametrize(
    ("failures", "outcome", "said"),
    [
        (Errors(0), Outcome.OK, "no error in the last hour"),
        (
            Errors(1, "KeyError: 'id'"),
            Outcome.FINDING,
            "has failed once in the last hour. Last: KeyError: 'id'",
        ),
        (Errors(7), Outcome.FINDING, "has failed 7 times in the last hour."),
        (REFUSED, Outcome.UNCHECKED, "You may not."),
    ],
)
def test_a_function_that_failed_in_the_last_hour_is_a_finding(
    failures: Any, outcome: Outcome, said: str
) -> None:
    measured = Measured(failures)
    found = check("functions", telemetry=lambda: measured)
    assert found.outcome is outcome
    assert said in found.message
    assert (found.next == "accountsctl logs work --since 1h") is (outcome is Outcome.FINDING)
    assert measured.asked == ["work 11:00"]


def test_a_function_that_does_not_run_is_a_finding_whatever_it_logged() -> None:
    arn = "arn:aws:lambda:eu-west-1:123456789012:function:work"
    told = seen(functions={arn: {"exists": True, "configuration": {"State": "Failed"}}})
    found = check("functions", look=lambda: look(told))
    assert (found.outcome, found.message) == (
        Outcome.FINDING,
        "function/work (work) is Failed and does not run.",
    )
