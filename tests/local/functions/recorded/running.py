"""Clients that send what a recorded sequence says, whatever they think of it."""

from __future__ import annotations

from functools import cache
from typing import Any

import boto3
from botocore.config import Config

from accountsctl.localcloud.client import LocalCloudClient
from tests.local.conftest import REGION, ServiceClients


def unchecked_clients(cloud: LocalCloudClient) -> ServiceClients:
    """Gives a boto3 client of a service, the same one at each call, which leaves the checks to the service."""
    session: Any = boto3.Session(*cloud.credentials(), region_name=REGION)
    config = Config(retries={"total_max_attempts": 1}, parameter_validation=False)

    @cache
    def client(service: str) -> Any:
        return session.client(service, endpoint_url=cloud.start().url, config=config)

    return client
