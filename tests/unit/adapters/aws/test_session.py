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
