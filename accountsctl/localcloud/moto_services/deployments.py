"""What we fix in moto's deployments of REST APIs: which stage uses one, and what a new one does to its stage.

Source: https://docs.aws.amazon.com/apigateway/latest/api/API_CreateDeployment.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from accountsctl.localcloud.moto_services.patching import wrap

if TYPE_CHECKING:
    from moto.apigateway.models import Deployment, RestAPI


def install(rest_api: type[RestAPI]) -> None:
    """Fix moto's class of a REST API. Once per process."""
    wrap(rest_api, "create_deployment", _create_deployment)
    wrap(rest_api, "get_deployment", _get_deployment)
    wrap(rest_api, "delete_deployment", _delete_deployment)


def _create_deployment(
    original: Callable[[RestAPI, str, str, Mapping[str, str] | None], Deployment],
    api: RestAPI,
    name: str,
    description: str,
    stage_variables: Mapping[str, str] | None = None,
) -> Deployment:
    """moto makes a new stage where one exists, so that its settings, tags and variables were lost.

    Amplify's templates have a new deployment, with the name of the same stage, after every change of the API.
    """
    stage = api.stages.get(name) if name else None
    deployment = original(api, name, description, stage_variables)
    if stage is not None:
        stage.deployment_id = deployment.id
        stage.variables = {**stage.variables, **(stage_variables or {})}
        api.stages[name] = stage
    return deployment


def _get_deployment(
    original: Callable[[RestAPI, str], Deployment], api: RestAPI, deployment_id: str
) -> Deployment:
    """moto breaks on a deployment that is not there."""
    _check_exists(api, deployment_id)
    return original(api, deployment_id)


def _delete_deployment(
    original: Callable[[RestAPI, str], Deployment], api: RestAPI, deployment_id: str
) -> Deployment:
    """moto refuses as long as the stage that the deployment made exists, although it uses another deployment now."""
    _check_exists(api, deployment_id)
    if any(stage.deployment_id == deployment_id for stage in api.stages.values()):
        from moto.apigateway.exceptions import StageStillActive

        raise StageStillActive()
    # moto looks only whether a stage of this name exists.
    api.deployments[deployment_id].stage_name = ""
    return original(api, deployment_id)


def _check_exists(api: RestAPI, deployment_id: str) -> None:
    if deployment_id not in api.deployments:
        from moto.apigateway.exceptions import DeploymentNotFoundException

        raise DeploymentNotFoundException()
