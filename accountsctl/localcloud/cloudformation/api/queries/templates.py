"""Templates: those of stacks and change sets, and what a template demands of its caller."""

from __future__ import annotations

from functools import partial

from accountsctl.localcloud.cloudformation.api import describe
from accountsctl.localcloud.cloudformation.api.requests import Input, Operations, Output, checked_body
from accountsctl.localcloud.cloudformation.errors import CloudFormationError
from accountsctl.localcloud.cloudformation.planning.preparation import check_type_names, readable
from accountsctl.localcloud.cloudformation.runtime.artifacts import read_template
from accountsctl.localcloud.cloudformation.runtime.stack_runtime import StackRuntime
from accountsctl.localcloud.cloudformation.template import function_shapes, graph, rules
from accountsctl.localcloud.cloudformation.template.parsing import ParsedTemplate, load


class TemplateQueries:
    """Read operations, as `operations` lists them."""

    def __init__(self, runtime: StackRuntime) -> None:
        self._runtime = runtime
        self._store = runtime.store
        self._clients = runtime.clients
        self._schema = runtime.schema
        self.operations: Operations = {
            "GetTemplate": self.get_template,
            "GetTemplateSummary": self.get_template_summary,
            "ValidateTemplate": self.validate_template,
        }

    def get_template(self, request: Input, region: str) -> Output:
        if "ChangeSetName" in request:
            if "StackName" not in request and not request["ChangeSetName"].startswith("arn:"):
                raise CloudFormationError("StackName is a required parameter.")
            change_set = self._store.change_set(request["ChangeSetName"], request.get("StackName"), region)
            text = change_set.request["text"] if change_set.request else ""
        else:
            definition = self._store.get(request.get("StackName", ""), region).definition
            original = request.get("TemplateStage") == "Original"
            text = definition.text if original else definition.processed or definition.text
        return {"TemplateBody": text, "StagesAvailable": ["Original", "Processed"]}

    def get_template_summary(self, request: Input, region: str) -> Output:
        return describe.template_summary(self._template(request, region), self._identifiers)

    def validate_template(self, request: Input, region: str) -> Output:
        template = self._template(request, region)
        if not template.is_transformed:  # its functions are those of what the transforms make
            function_shapes.check(template)
            rules.check_rules(template)
            check_type_names(self._runtime, template)
            graph.check(template, partial(readable, self._runtime))
        return describe.validation(template)

    def _template(self, request: Input, region: str) -> ParsedTemplate:
        if "TemplateBody" in request:
            return load(checked_body(request["TemplateBody"]))
        if "TemplateURL" in request:
            return load(read_template(request["TemplateURL"], self._clients, region))
        if "StackName" in request:
            stack = self._store.get(request["StackName"], region)
            if stack.status == "REVIEW_IN_PROGRESS":
                raise CloudFormationError("GetTemplateSummary cannot be called on REVIEW_IN_PROGRESS stacks.")
            return load(stack.definition.text)
        raise CloudFormationError("Either Template URL or Template Body must be specified.")

    def _identifiers(self, resource_type: str) -> list[str]:
        """The properties that name a resource of a type to import, as far as a template can state them."""
        schema = self._schema(resource_type)
        return [name for name in schema.primary_identifier if name not in schema.read_only] if schema else []
