"""The embedded cloud of a session, with stacks of a template."""

from tests.local.apigateway.deployed.conftest import client, cloud, deploy

__all__ = ["client", "cloud", "deploy"]
