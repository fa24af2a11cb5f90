"""Functions made of source text, and a Functions service that is closed after each test."""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from accountsctl.localcloud.contracts.lookups import Cluster, FunctionConfig, Signer
from accountsctl.localcloud.lambdas import Functions
from accountsctl.localcloud.lambdas.environment import CloudAccess

REGION = "eu-west-1"


def zipped(files: Mapping[str, str]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return target.getvalue()


def function(files: str | Mapping[str, str], **changes: Any) -> FunctionConfig:
    code = zipped({"index.py": files} if isinstance(files, str) else files)
    plain = FunctionConfig(
        arn=f"arn:aws:lambda:{REGION}:123456789012:function:f",
        name="f",
        region=REGION,
        runtime="python3.14",
        handler="index.handler",
        code=code,
        code_sha256=base64.b64encode(hashlib.sha256(code).digest()).decode(),
        environment={},
        timeout=5,
        memory=128,
        log_group="/aws/lambda/f",
        policy=None,
    )
    return replace(plain, **changes)


class FakeLookups:
    """Knows the functions it was given."""

    def __init__(self) -> None:
        self.functions: dict[str, FunctionConfig] = {}

    def function(self, name_or_arn: str, region: str) -> FunctionConfig | None:
        found = self.functions.get(name_or_arn.rsplit(":function:")[-1])
        return found if found and found.region == region else None

    def cluster(self, arn: str) -> Cluster | None:
        return None

    def secret(self, arn_or_name: str, region: str) -> str | None:
        return None

    def signer(self, access_key_id: str, token: str | None = None) -> Signer | None:
        return None

    def jwks(self, user_pool_id: str) -> Mapping[str, Any] | None:
        return None

    def clusters(self) -> list[Cluster]:
        return []


@pytest.fixture
def lookups() -> FakeLookups:
    return FakeLookups()


def access() -> CloudAccess:
    """The access of functions that call nothing."""
    return CloudAccess("http://127.0.0.1:4599")


@pytest.fixture
def functions(lookups: FakeLookups, tmp_path: Path) -> Iterator[Functions]:
    service = Functions(lookups, access, tmp_path / "functions")
    yield service
    service.close()


@pytest.fixture
def make() -> Callable[..., FunctionConfig]:
    return function
