from __future__ import annotations

import json

import pytest

from accountsctl.localcloud.cloudformation.providers.base import Properties, ProvidedResource, ProviderError
from tests.local.cloudformation.providers.conftest import Bench
from tests.local.cloudformation.providers.test_ec2_rds import CLUSTER

SECRET, ATTACHMENT = "AWS::SecretsManager::Secret", "AWS::SecretsManager::SecretTargetAttachment"
GENERATED = {
    "GenerateSecretString": {
        "SecretStringTemplate": '{"username": "owner"}',
        "GenerateStringKey": "password",
        "PasswordLength": "40",
        "ExcludeCharacters": '"@/\\',
    }
}


def value(bench: Bench, made: ProvidedResource) -> str:
    return str(bench.client("secretsmanager").get_secret_value(SecretId=made.physical_id)["SecretString"])


def test_a_generated_secret_keeps_its_password_while_its_recipe_stays(bench: Bench) -> None:
    made = bench.create(SECRET, GENERATED)
    content = json.loads(value(bench, made))
    assert (content["username"], len(content["password"])) == ("owner", 40)
    assert made.physical_id == made.attributes["Id"]
    assert made.physical_id.startswith("arn:aws:secretsmanager:eu-central-1:123456789012:secret:Thing-")
    described = {**GENERATED, "Description": "d", "Tags": [{"Key": "a", "Value": "b"}]}
    bench.update(SECRET, made, GENERATED, described)
    assert json.loads(value(bench, made)) == content
    bench.update(SECRET, made, described, {"SecretString": "plain"})
    assert value(bench, made) == "plain"
    bench.delete(SECRET, made, {})


@pytest.mark.parametrize(
    ("properties", "words"),
    [
        ({"SecretString": "a", "GenerateSecretString": {}}, "both"),
        ({"GenerateSecretString": {"GenerateStringKey": "k"}}, "together"),
        (
            {"GenerateSecretString": {"GenerateStringKey": "k", "SecretStringTemplate": "{"}},
            "Could not parse",
        ),
    ],
)
def test_a_recipe_that_makes_no_sense_is_refused(bench: Bench, properties: Properties, words: str) -> None:
    with pytest.raises(ProviderError, match=words):
        bench.create(SECRET, properties)


def test_an_attachment_writes_the_clusters_address_and_takes_it_away(bench: Bench) -> None:
    secret = bench.create(SECRET, GENERATED)
    cluster = bench.create("AWS::RDS::DBCluster", CLUSTER)
    properties = {
        "SecretId": secret.physical_id,
        "TargetId": cluster.physical_id,
        "TargetType": "AWS::RDS::DBCluster",
    }
    made = bench.create(ATTACHMENT, properties)
    content = json.loads(value(bench, secret))
    assert (content["engine"], content["port"], content["dbname"]) == ("postgres", 5432, "accounts")
    assert content["host"] == cluster.attributes["Endpoint.Address"]
    bench.delete(ATTACHMENT, made, properties)
    assert set(json.loads(value(bench, secret))) == {"username", "password"}
