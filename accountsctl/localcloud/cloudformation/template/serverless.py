"""The transform AWS::Serverless-2016-10-31, by the translator that AWS publishes and runs itself.

It is imported where a template asks for it: it takes half a second, and no template of accountsctl's own does.
See https://github.com/aws/serverless-application-model
"""

from __future__ import annotations

import copy
import json
import threading
from collections.abc import Callable, Mapping

from accountsctl.localcloud.cloudformation.errors import CloudFormationError, TransformError
from accountsctl.localcloud.cloudformation.template.functions import UNKNOWN
from accountsctl.localcloud.cloudformation.template.parsing import (
    SERVERLESS,
    ParsedTemplate,
    check_body,
)
from accountsctl.localcloud.cloudformation.template.scope import TemplateValue

ManagedPolicies = Callable[[], dict[str, str]]
"""The ARNs of AWS's managed policies by name."""

_TRANSLATOR = threading.Lock()  # the translator keeps its region in a class


def expand(
    template: ParsedTemplate, given: Mapping[str, TemplateValue], region: str, policies: ManagedPolicies
) -> ParsedTemplate:
    """The template that the transform makes of one that declares it; any other as it is.

    `given` are parameter values by name; those that are not known yet stay references.
    """
    if SERVERLESS not in template.transforms:
        return template
    known = {name: value for name, value in given.items() if value is not UNKNOWN}
    with _TRANSLATOR:
        body = _translated(copy.deepcopy(dict(template.body)), known, region, policies)
    body.pop("Transform", None)
    others = [name for name in template.transforms if name != SERVERLESS]
    expanded = ParsedTemplate(template.text, {**body, **({"Transform": others} if others else {})})
    check_body(expanded.body)
    return expanded


def processed(template: ParsedTemplate) -> str:
    """An expanded template as GetTemplate gives it for the stage Processed."""
    return json.dumps(template.body)


def _translated(
    body: dict[str, TemplateValue],
    known: dict[str, TemplateValue],
    region: str,
    policies: ManagedPolicies,
) -> dict[str, TemplateValue]:
    try:
        import boto3
        from samtranslator.model.exceptions import ExceptionWithMessage, InvalidDocumentException
        from samtranslator.parser.parser import Parser
        from samtranslator.translator.translator import Translator
        from samtranslator.utils.py27hash_fix import (
            to_py27_compatible_template,
            undo_mark_unicode_str_in_template,
        )
    except ImportError as error:
        raise CloudFormationError(
            f"The embedded cloud needs the package aws-sam-translator to play the transform {SERVERLESS}."
        ) from error
    translator = Translator(None, Parser(), boto_session=boto3.Session(region_name=region))
    try:
        to_py27_compatible_template(body, known)  # the hashes in logical ids are those that AWS makes
        made = translator.translate(body, known, get_managed_policy_map=policies)
    except InvalidDocumentException as error:
        causes = " ".join(sorted(cause.message for cause in error.causes))
        raise TransformError(SERVERLESS, f"{error.message} {causes}") from error
    except ExceptionWithMessage as error:
        raise TransformError(SERVERLESS, error.message) from error
    result: dict[str, TemplateValue] = undo_mark_unicode_str_in_template(made)
    return result
