"""`policy`: what IAM has to allow to deploy this project."""

from __future__ import annotations

import click

from accountsctl.bootstrap import Application
from accountsctl.cli.options import on_environment
from accountsctl.model.policy import ProjectPolicy
from accountsctl.ui.screen import Screen


@click.command()
@click.option(
    "--role",
    type=click.Choice(["deploy", "cloudformation"]),
    default="deploy",
    show_default=True,
    help="Whose policy: whoever runs accountsctl, or the role that CloudFormation takes on.",
)
@on_environment
def policy(app: Application, _screen: Screen, role: str) -> ProjectPolicy:
    """Print the least-privilege IAM policy with which this environment can be deployed, changed and deleted.

    It is made from the rendered templates, by the rights that AWS's resource schemas list for each type, and from the
    calls of accountsctl itself. No cloud is called. If the environment has a roleArn, whoever deploys only passes that
    role on, and the rights on the resources are in the policy of --role cloudformation.

    \b
    Examples:
      accountsctl policy -e prod > deploy-policy.json
      accountsctl policy -e prod --role cloudformation --json
    """
    from accountsctl.commands.stacks.policy import project_policy
    from accountsctl.planning.rights.policy import PolicyRole

    return project_policy(app.rendered.assembly(), PolicyRole(role))
