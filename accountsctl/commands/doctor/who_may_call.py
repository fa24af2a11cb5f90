"""Whether a fix that gives an API for signers (AWS_IAM) to the users of a pool was asked for.

Who may call an API is not the doctor's to decide: Amplify's own client signs, and works with AWS_IAM as it is. The
change is made where a part of the project or of the command says that the callers have tokens.
"""

from __future__ import annotations

from accountsctl.commands.doctor.fix_candidates import resource_of
from accountsctl.doctor.catalogue.cards import BY_ID
from accountsctl.doctor.catalogue.fixes import authorizers
from accountsctl.doctor.catalogue.scene import Scene
from accountsctl.model.api_gateway import AuthorizationType
from accountsctl.model.project import Project

TO_NAME = (
    "It lets every user of the pool call what is now for callers with AWS credentials only, so it is made if you "
    "state that the page sends a token: add --header Authorization (or --token -)."
)


def is_asked_for(project: Project, scene: Scene, card: str) -> bool:
    """False for a change of who may call that only a guess about the client speaks for.

    It was asked for if the command states a token, the API depends on a pool or has an authorizer of one, or the
    function needs the claims that only such an authorizer passes.
    """
    if BY_ID[card].edit is not authorizers.require_cognito:
        return True
    ask = scene.ask
    if ask.token is not None or any(name.lower() == "authorization" for name, _ in ask.headers):
        return True
    if any(authorizer.type == AuthorizationType.COGNITO for authorizer in scene.api.authorizers.values()):
        return True
    resource = project.backend.get(resource_of(scene.api))
    if resource is not None and any(dependency.on.category == "auth" for dependency in resource.depends_on):
        return True
    return bool(scene.handler and scene.handler.wants_claims)
