"""The embedded cloud of a session, with stacks of a template; users of its pools sign in by boto3."""

from tests.local.apigateway.deployed.conftest import client, cloud, deploy

__all__ = ["client", "cloud", "deploy"]
