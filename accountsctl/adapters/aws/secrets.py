"""Secrets of functions in SSM Parameter Store.

Source: https://docs.aws.amazon.com/systems-manager/latest/userguide/secure-string-parameter-kms-encryption.html
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from accountsctl.adapters.aws.clients import service_client
from accountsctl.adapters.aws.errors import translated
from accountsctl.adapters.aws.session import Session

if TYPE_CHECKING:
    from mypy_boto3_ssm.client import SSMClient

MOST_FILTERED = 50
"""https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_ParameterStringFilter.html"""


class ParameterStore:
    """`ports.SecretStore` by SSM, under the AWS managed key ``aws/ssm``."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def put(self, place: str, value: str) -> None:
        """https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html"""
        with translated(f"store {place}"):
            self._ssm.put_parameter(Name=place, Value=value, Type="SecureString", Overwrite=True)

    def stored(self, places: Iterable[str]) -> frozenset[str]:
        """By DescribeParameters, which returns names and no values."""
        found: set[str] = set()
        pages = self._ssm.get_paginator("describe_parameters")
        names = list(places)
        for start in range(0, len(names), MOST_FILTERED):
            part = names[start : start + MOST_FILTERED]
            with translated("list the stored secrets"):
                for page in pages.paginate(
                    ParameterFilters=[{"Key": "Name", "Option": "Equals", "Values": part}]
                ):
                    found |= {parameter["Name"] for parameter in page["Parameters"] if "Name" in parameter}
        return frozenset(found)

    def remove(self, place: str) -> bool:
        """https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DeleteParameters.html"""
        with translated(f"delete {place}"):
            response = self._ssm.delete_parameters(Names=[place])
        return place in response.get("DeletedParameters", [])

    @property
    def _ssm(self) -> SSMClient:
        return service_client(self._session, "ssm")
