"""The models of services, found without looking at those of all others."""

from __future__ import annotations

from pathlib import Path

import pytest
from botocore.exceptions import UnknownServiceError
from botocore.loaders import Loader

from accountsctl.adapters.aws.session import ServiceLoader, Session
from accountsctl.model.errors import AccountsctlError

HERE = "http://127.0.0.1:1"


def test_the_services_are_those_that_the_sdk_finds() -> None:
    assert set(Loader().list_available_services("service-2")) <= set(
        ServiceLoader().list_available_services("service-2")
    )


def test_a_model_is_the_one_that_the_sdk_loads() -> None:
    found = ServiceLoader().load_service_model("cloudformation", "service-2")
    assert found == Loader().load_service_model("cloudformation", "service-2")


def test_a_service_that_does_not_exist_is_refused_by_its_name() -> None:
    with pytest.raises(UnknownServiceError, match="cloudformatoin"):
        ServiceLoader().load_service_model("cloudformatoin", "service-2")
    with pytest.raises(AccountsctlError, match="cloudformatoin"):
        Session("eu-west-1", endpoint=HERE).client("cloudformatoin")


def test_models_of_the_users_own_folder_count(tmp_path: Path) -> None:
    (tmp_path / "mine" / "2026-01-01").mkdir(parents=True)
    (tmp_path / "mine" / "2026-01-01" / "service-2.json").write_text("{}")
    loader = ServiceLoader(extra_search_paths=[str(tmp_path), str(tmp_path / "none")])
    assert loader.load_service_model("mine", "service-2") == {}


def test_a_client_of_an_endpoint_uses_its_key_and_region_and_no_configuration(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "no-such-profile")
    client = Session("eu-west-1", endpoint=HERE, key=("AKIDLOCAL", "secret")).client("s3")
    assert client.meta.region_name == "eu-west-1"
    assert client.meta.endpoint_url == HERE
    assert client._request_signer._credentials.access_key == "AKIDLOCAL"


API = "https://abc.execute-api.eu-west-1.amazonaws.com/dev/items"


@pytest.mark.parametrize(
    ("variables", "profile", "host"),
    [
        ({}, "", None),
        ({"AWS_ENDPOINT_URL": HERE}, "", HERE),
        ({"AWS_ENDPOINT_URL_API_GATEWAY": HERE}, "", HERE),
        ({"AWS_ENDPOINT_URL_S3": HERE}, "", None),
        ({"AWS_ENDPOINT_URL": HERE, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"}, "", None),
        ({}, f"endpoint_url = {HERE}", HERE),
        ({}, "services = mine", "http://127.0.0.1:2"),
    ],
)
def test_an_api_is_called_where_the_sdks_calls_of_api_gateway_go(
    variables: dict[str, str],
    profile: str,
    host: str | None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    services = "[services mine]\napi_gateway =\n  endpoint_url = http://127.0.0.1:2\n"
    (tmp_path / "config").write_text(f"[default]\nregion = eu-west-1\n{profile}\n{services}")
    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {**variables, "AWS_CONFIG_FILE": str(tmp_path / "config")}.items():
        monkeypatch.setenv(name, value)
    expected = f"{host}/_aws/execute-api/abc/dev/items" if host else API
    assert Session("eu-west-1").reachable(API) == expected
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKID")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    client = Session("eu-west-1").client("apigateway")
    assert client.meta.endpoint_url == (host or "https://apigateway.eu-west-1.amazonaws.com")
