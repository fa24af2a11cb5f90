"""A resource of an adopted backend is rendered from the project's files again, in place."""

from __future__ import annotations

import json

import pytest

from tests.local.gen1.conftest import Shop

pytestmark = pytest.mark.slow

FUNCTION_TEMPLATE = "amplify/backend/function/orders/orders-cloudformation-template.json"
CONVERTED = "amplify/adopted/dev/converted.json"
ORDERS = "functionorders.LambdaFunction"


def arn(shop: Shop) -> str:
    name = shop.deployed.ids()[ORDERS]
    found: str = shop.deployed.client("lambda").get_function_configuration(FunctionName=name)["FunctionArn"]
    return found


def test_a_converted_function_keeps_its_arn_and_is_deployed_from_its_own_template(shop: Shop) -> None:
    before, function = shop.deployed.ids(), arn(shop)
    shop.run("adopt", "-e", "dev")
    shop.run("push", "-e", "dev", "--yes")
    template = json.loads((shop.project.root / FUNCTION_TEMPLATE).read_text())
    template["Resources"]["LambdaFunction"]["Properties"]["Timeout"] = 11
    (shop.project.root / FUNCTION_TEMPLATE).write_text(json.dumps(template))
    files = shop.amplifys_files()

    shown = shop.run("convert", "function/orders", "-e", "dev", "--dry-run").err
    assert f"LambdaFunction -> LambdaFunction ({before[ORDERS]})" in shown
    assert "Nothing is replaced or deleted." in shown
    assert not (shop.project.root / CONVERTED).exists()

    shop.run("convert", "function/orders", "-e", "dev")
    assert shop.amplifys_files() == files
    shop.run("push", "-e", "dev", "--yes")
    assert shop.deployed.ids() == before
    assert arn(shop) == function
    lambdas = shop.deployed.client("lambda")
    assert lambdas.get_function_configuration(FunctionName=before[ORDERS])["Timeout"] == 11
    assert shop.responds() == {"version": 1}

    shop.run("convert", "function/orders", "-e", "dev", "--undo")
    assert json.loads((shop.project.root / CONVERTED).read_text()) == {}
    shop.run("push", "-e", "dev", "--yes")
    assert shop.deployed.ids() == before
    assert lambdas.get_function_configuration(FunctionName=before[ORDERS])["Timeout"] == 25


def test_another_adoption_takes_what_was_converted_as_it_is_deployed(shop: Shop) -> None:
    shop.run("adopt", "-e", "dev")
    shop.run("convert", "function/orders", "-e", "dev")
    assert (shop.project.root / CONVERTED).exists()
    shop.run("adopt", "-e", "dev")
    assert not (shop.project.root / CONVERTED).exists()
    assert (shop.project.root / "amplify/adopted/dev/function/orders.json").exists()
    assert shop.run("push", "-e", "dev", "--dry-run", "--exit-code", "--json").json["changed"] is False


def test_a_converted_api_of_another_definition_is_another_api_and_says_so(shop: Shop) -> None:
    """Our template has explicit methods; Amplify's has a Body, which cannot become them in place."""
    before = shop.deployed.ids()
    shop.run("adopt", "-e", "dev")
    build = shop.project.root / "amplify/backend/api/shopapi/build"
    (build / "shopapi-cloudformation-template.json").unlink()
    inputs = {
        "version": 1,
        "paths": {"/orders": {"lambdaFunction": "orders", "permissions": {"setting": "open"}}},
    }
    (build.parent / "cli-inputs.json").write_text(json.dumps(inputs))
    shown = shop.run("convert", "api/shopapi", "-e", "dev").err
    assert "shopapi (AWS::ApiGateway::RestApi) is deleted" in shown
    assert "The API gets another URL" in shown
    shop.run("push", "-e", "dev", "--yes")
    after = shop.deployed.ids()
    assert after["apishopapi"] == before["apishopapi"]
    assert after[ORDERS] == before[ORDERS]
    assert shop.responds() == {"version": 1}
    shop.run("convert", "api/shopapi", "-e", "dev", "--undo")
    shop.run("push", "-e", "dev", "--yes")
    assert shop.responds() == {"version": 1}


def test_only_an_adopted_resource_is_converted(shop: Shop) -> None:
    refused = shop.run("convert", "function/orders", "-e", "dev", expect=2)
    assert "dev is not adopted" in refused.err
    shop.run("adopt", "-e", "dev")
    assert (
        "There is no resource function/order"
        in shop.run("convert", "function/order", "-e", "dev", expect=2).err
    )
    assert "was not converted" in shop.run("convert", "function/orders", "--undo", "-e", "dev", expect=2).err
    wrong = shop.run("convert", "function/orders", "--map", "Nothing=LambdaFunction", "-e", "dev", expect=2)
    assert "has no resource Nothing" in wrong.err
