"""Templates: those of stacks and change sets, and what a template demands of its caller."""

from __future__ import annotations

from accountsctl.localcloud.cloudformation.api import describe
from accountsctl.localcloud.cloudformation.api.requests import Input, Operations, Output
from accountsctl.localcloud.cloudformation.errors import CloudFormationError
from accountsctl.localcloud.cloudformation.runtime.artifacts import read_template
from accountsctl.localcloud.cloudformation.runtime.stack_runtime import ClientFactory
from accountsctl.localcloud.cloudformation.runtime.store import Store
from accountsctl.localcloud.cloudformation.template import function_shapes, rules
from accountsctl.localcloud.cloudformation.template.parsing import ParsedTemplate, load


class TemplateQueries:
    """Read operations, as `operations` lists them."""

    def __init__(self, store: Store, clients: ClientFactory) -> None:
        self._store = store
        self._clients = clients
        self.operations: Operations = {
            "GetTemplate": self.get_template,
            "GetTemplateSummary": self.get_template_summary,
            "ValidateTemplate": self.validate_template,
        }

    def get_template(self, request: Input, region: str) -> Output:
        if "ChangeSetName" in request:
            change_set = self._store.change_set(request["ChangeSetName"], request.get("StackName"), region)
            text = change_set.request["text"] if change_set.request else ""
        else:
            definition = self._store.get(request.get("StackName", ""), region).definition
            original = request.get("TemplateStage") == "Original"
            text = definition.text if original else definition.processed or definition.text
        return {"TemplateBody": text, "StagesAvailable": ["Original", "Processed"]}

    def get_template_summary(self, request: Input, region: str) -> Output:
        return describe.template_summary(self._template(request, region))

    def validate_template(self, request: Input, region: str) -> Output:
        template = self._template(request, region)
        if not template.is_transformed:  # its functions are those of what the transforms make
            function_shapes.check(template)
            rules.check_rules(template)
        return describe.template_summary(template)

    def _template(self, request: Input, region: str) -> ParsedTemplate:
        if "TemplateBody" in request:
            return load(request["TemplateBody"])
        if "TemplateURL" in request:
            return load(read_template(request["TemplateURL"], self._clients, region))
        if "StackName" in request:
            return load(self._store.get(request["StackName"], region).definition.text)
        raise CloudFormationError("Either Template URL or Template Body must be specified.")
