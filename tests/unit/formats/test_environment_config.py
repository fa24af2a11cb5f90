"""An environment's file: its values, all its faults, and no secret in it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from accountsctl.formats import json_reader as source
from accountsctl.formats.backend_config import parse as parse_backend
from accountsctl.formats.environment_config import parse, unknown_resources
from accountsctl.model.environment import Cloud, Environment

FILE = "amplify/environments/dev.json"
ROLE = "arn:aws:iam::012345678901:role/deployer"
SOUND = {"cloud": "local", "region": "eu-central-1", "stackName": "accounts-dev"}


def faults(value: Any, name: str = "dev") -> list[str]:
    environment, found = parse(json.dumps(value), FILE, name)
    assert (environment is None) == bool(found)
    return [fault.what for fault in found]


def test_a_sound_file_is_an_environment_whatever_else_it_holds() -> None:
    table = {"rds": {"c": {"MaxCapacity": 4}}}
    more = {"profile": "p", "accountId": "012345678901", "protected": True, "parameters": table, "note": [1]}
    more |= {"roleArn": ROLE}
    more |= {"naming": 2, "zones": ["eu-central-1b", "eu-central-1a"]}
    environment, found = parse(json.dumps({**SOUND, **more}), FILE, "dev")

    assert found == ()
    assert environment == Environment(
        "dev",
        Cloud.LOCAL,
        "eu-central-1",
        "accounts-dev",
        "p",
        "012345678901",
        protected=True,
        naming=2,
        role_arn=ROLE,
        zones=("eu-central-1b", "eu-central-1a"),
        parameters=table,
    )


def test_all_faults_come_at_once_each_with_its_line() -> None:
    text = (
        '{\n"cloud": "moon",\n"region": 3,\n"accountId": 12,\n"parameters": {"rds": []},\n"protected": 1,\n}'
    )
    _, found = parse(text, FILE, "dev")

    assert [fault.line for fault in found] == [1, 2, 3, 4, 5, 6, 6]


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"cloud": "azure"}, '"cloud" must be local or aws.'),
        ({"region": "here"}, '"region" must be a region, such as eu-central-1.'),
        (
            {"stackName": "a_b"},
            '"stackName" must be letters, digits and hyphens, 128 at most, a letter first.',
        ),
        ({"roleArn": "deployer"}, '"roleArn" must be the ARN of a role, arn:aws:iam::ACCOUNT:role/NAME.'),
        ({"accountId": 12345678901}, '"accountId" must be a string of 12 digits.'),
        ({"profile": ""}, '"profile" must be the name of an AWS profile.'),
        ({"protected": "yes"}, '"protected" must be true or false.'),
        ({"naming": 3}, '"naming" must be 1 or 2.'),
        ({"naming": True}, '"naming" must be 1 or 2.'),
        ({"zones": ["euc1-az1"]}, '"zones" must be a list of availability zones, such as eu-central-1a.'),
        ({"zones": "eu-central-1a"}, '"zones" must be a list of availability zones, such as eu-central-1a.'),
        ({"zones": ["eu-central-1a"] * 2}, '"zones" names one availability zone twice.'),
        ({"imported": 1}, '"imported" must be an object of categories.'),
        ({"imported": {"auth": 1}}, '"imported.auth" must be an object of resources.'),
        ({"imported": {"auth": {"a": 1}}}, '"imported.auth.a" must be an object of keys.'),
    ],
)
def test_what_is_wrong_is_told(change: dict[str, Any], what: str) -> None:
    assert faults({**SOUND, **change}) == [what]


@pytest.mark.parametrize("key", ["password", "DBPassword", "client_secret", "SecretString", "secretValue"])
def test_what_looks_like_a_secret_is_refused_and_not_repeated(key: str) -> None:
    (told,) = faults({**SOUND, "parameters": {"rds": {"c": {key: "hunter2"}}}})

    assert told == f'"{key}" looks like a secret, and this file is committed.'
    assert "hunter2" not in told


def test_a_secret_is_known_by_its_form_too() -> None:
    assert len(faults({**SOUND, "note": "AKIA" + "A" * 16})) == 1
    assert len(faults({**SOUND, "notes": [{"k": "-----BEGIN RSA PRIVATE KEY-----"}]})) == 1


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("SecretArn", "arn:aws:secretsmanager:eu-central-1:1:secret:x"),
        ("secret", "arn:aws:secretsmanager:eu-central-1:1:secret:x"),
        ("password", "{{resolve:secretsmanager:x:SecretString:password}}"),
        ("ManageMasterUserPassword", True),
        ("GenerateSecret", "true"),
        ("passwordPolicyMinLength", "8"),
    ],
)
def test_what_only_points_to_a_secret_is_none(key: str, value: Any) -> None:
    assert faults({**SOUND, "parameters": {"rds": {"c": {key: value}}}}) == []


@pytest.mark.parametrize("name", ["Dev", "d", "../dev", "a" * 17, "de_v", "dev\n"])
def test_a_name_that_no_environment_may_have_is_told(name: str) -> None:
    assert any("is not a valid name for an environment" in what for what in faults(SOUND, name))


def test_resources_that_the_backend_does_not_have_are_told_with_their_line() -> None:
    backend, _ = parse_backend('{"rds": {"c": {"service": "RDSCluster"}}}', "backend-config.json")
    text = '{"parameters": {"rds": {"c": {},\n"d": {}}},\n"imported": {"auth": {"a": {}}}}'

    told = unknown_resources(source.read(text, FILE), backend)

    assert [(fault.line, fault.what) for fault in told] == [
        (2, '"parameters" names rds/d, which does not exist.'),
        (3, '"imported" names auth/a, which does not exist.'),
    ]
