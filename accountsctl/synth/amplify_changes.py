"""What Amplify adds to a resource's template at every push, in the order in which it is added here."""

from __future__ import annotations

from accountsctl.model.template_body import TemplateBody
from accountsctl.synth.custom_policies import with_custom_policies
from accountsctl.synth.function_parameters import with_function_parameters
from accountsctl.synth.identity_pools import with_attachment, without_attachment
from accountsctl.synth.inputs import Inputs
from accountsctl.synth.invocations import with_invocations
from accountsctl.synth.triggers import with_triggers


def as_amplify_deploys(inputs: Inputs, body: TemplateBody) -> TemplateBody:
    """A template with the rights, layers, secrets and triggers that stand in other files. Faulty if one has a fault."""
    adoption = inputs.project.adoption
    match inputs.resource.service:
        case "Lambda":
            return with_function_parameters(inputs, with_custom_policies(inputs, body))
        case "Cognito" if adoption is None:
            return with_triggers(inputs, without_attachment(body))
        case "Cognito" if adoption is not None:
            # Amplify's own stacks attach the triggers.
            return with_attachment(body, adoption.root)
        case "API Gateway" if adoption is None:
            return with_invocations(inputs, body)
    return body
