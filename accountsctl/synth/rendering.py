"""Jinja, and nothing but Jinja: a template's text and a context in, the rendered text out.

Templates run sandboxed, and a name that nothing defines is a fault with its file and line, never an
empty string. Values go into YAML through the `json` filter: JSON is YAML, so no value can break out of
its place. `fail("...")` lets a template refuse its parameters in its own words.
"""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, NoReturn

from accountsctl.model.errors import Fault
from accountsctl.model.project import TemplateSource
from accountsctl.ports.template_cache import TemplateCache
from accountsctl.synth.budgets import OverBudget, check_operation, joined, limited
from accountsctl.synth.faulty import Faulty, Unmet, faulty

if TYPE_CHECKING:
    from jinja2 import BytecodeCache, Environment
    from jinja2.runtime import Context
    from jinja2.sandbox import SandboxedEnvironment

_NOT_IN_YAML = re.compile(
    "[^\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)


GENERATED = 2  # raised when compiled templates change though the template and Jinja do not
UNDEFINED_HINT = "Add it to the resource's parameters.json, or give it a default in the template."


class _Refused(Exception):
    """A template called `fail`."""


def render(
    name: str,
    templates: Mapping[str, TemplateSource],
    context: Mapping[str, object],
    compiled: TemplateCache | None = None,
) -> str:
    """Render `templates[name]`, which may import its siblings by their names."""
    import jinja2

    source = templates[name]
    try:
        environment = _environment(_Frozen(templates), compiled)
        with limited():  # the compiler works out constants, so it is limited too
            return joined(environment.get_template(name).generate(context))
    except jinja2.TemplateSyntaxError as error:
        raise faulty(
            error.filename or source.file, error.lineno, f"Jinja cannot read this: {error.message}."
        ) from None
    except jinja2.TemplateNotFound as error:
        raise faulty(
            source.file,
            _line(error, source.file),
            f'There is no template "{error.name}" to include or import.',
        ) from None
    except jinja2.UndefinedError as error:
        raise Unmet(
            _located(error, templates, source, f"Undefined: {error.message}.", UNDEFINED_HINT)
        ) from None
    except _Refused as error:
        raise Unmet(_located(error, templates, source, str(error))) from None
    except (OverBudget, MemoryError, RecursionError) as error:
        what = str(error) if isinstance(error, OverBudget) else "it needs too much memory or nests too deeply"
        raise Faulty(_located(error, templates, source, f"The template was stopped: {what}.")) from None
    except (TypeError, ValueError, ArithmeticError, LookupError, jinja2.TemplateError) as error:
        raise Faulty(_located(error, templates, source, f"The template fails: {error}.")) from None


def to_json(value: object) -> str:
    """`value` as JSON that is YAML too: what a YAML reader refuses or folds is written as an escape."""
    import jinja2

    if isinstance(value, jinja2.Undefined):
        value._fail_with_undefined_error()
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    return _NOT_IN_YAML.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def subnet(cidr: str, index: int, prefix: int) -> str:
    """The `index`-th network of length `prefix` inside `cidr`; ValueError if there is none."""
    network = ipaddress.IPv4Network(cidr)
    if not network.prefixlen <= prefix <= network.max_prefixlen:
        raise ValueError(f"{cidr} has no network of length {prefix}")
    count = 1 << (prefix - network.prefixlen)
    if not -count <= index < count:
        raise ValueError(f"{cidr} has only {count} networks of length {prefix}")
    size = 1 << (network.max_prefixlen - prefix)
    return f"{network.network_address + index % count * size}/{prefix}"


def _fail(message: str) -> NoReturn:
    raise _Refused(message)


class _Frozen:
    """Templates as a cache key: equal when their texts are."""

    def __init__(self, templates: Mapping[str, TemplateSource]) -> None:
        self.templates = dict(templates)
        self._key = tuple(
            sorted((name, template.file, template.text) for name, template in templates.items())
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Frozen) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)


@lru_cache(maxsize=4)
def _environment(frozen: _Frozen, compiled: TemplateCache | None) -> Environment:
    from jinja2 import FunctionLoader, StrictUndefined

    class Nothing(StrictUndefined):
        """What nothing defines, named without Jinja's word for the object that lacks it."""

        @property
        def _undefined_message(self) -> str:
            name = self._undefined_hint or f'"{self._undefined_name}"'
            return f"nothing defines {name}"

    def load(name: str) -> tuple[str, str, None] | None:
        found = frozen.templates.get(name)
        return (found.text, found.file, None) if found else None

    environment = _frugal()(
        loader=FunctionLoader(load),
        undefined=Nothing,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # The output is YAML, and `json` its escaping.
        bytecode_cache=_kept(compiled) if compiled else None,
    )
    environment.filters["json"] = to_json
    environment.filters["subnet"] = subnet
    environment.globals["fail"] = _fail
    del environment.globals["lipsum"]  # text without a limit, and no template needs it
    return environment


def _frugal() -> type[SandboxedEnvironment]:
    """Jinja's sandbox, which also refuses operations whose result is far larger than any template."""
    from jinja2 import nodes
    from jinja2.compiler import CodeGenerator, Frame
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    class Generator(CodeGenerator):
        def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:  # noqa: N802 - Jinja's name
            self.write("environment.joined((")
            for part in node.nodes:
                self.visit(part, frame)
                self.write(", ")
            self.write("))")

    class Frugal(ImmutableSandboxedEnvironment):
        code_generator_class = Generator
        intercepted_binops = frozenset(("*", "**", "+"))
        joined = staticmethod(joined)

        def call_binop(self, context: Context, operator: str, left: object, right: object) -> object:
            check_operation(operator, left, right)
            return super().call_binop(context, operator, left, right)

    return Frugal


def _kept(compiled: TemplateCache) -> BytecodeCache:
    """Jinja's cache over ours. Jinja checks the template's text and its own version before it believes one."""
    from jinja2 import BytecodeCache, __version__
    from jinja2.bccache import Bucket

    class Kept(BytecodeCache):
        def load_bytecode(self, bucket: Bucket) -> None:
            content = compiled.get(f"jinja-{__version__}-{GENERATED}-{bucket.key}")
            if content is not None:
                bucket.bytecode_from_string(content)

        def dump_bytecode(self, bucket: Bucket) -> None:
            compiled.put(f"jinja-{__version__}-{GENERATED}-{bucket.key}", bucket.bytecode_to_string())

    return Kept()


def _located(
    error: Exception,
    templates: Mapping[str, TemplateSource],
    source: TemplateSource,
    what: str,
    hint: str = "",
) -> Fault:
    """The innermost template line that the error passed through. A refusal belongs to the stack's own file."""
    files = (
        {source.file} if isinstance(error, _Refused) else {template.file for template in templates.values()}
    )
    file, line = source.file, 0
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename in files:
            file, line = trace.tb_frame.f_code.co_filename, trace.tb_lineno
        trace = trace.tb_next
    return Fault(file, line, what, hint)


def _line(error: Exception, file: str) -> int:
    line, trace = 0, error.__traceback__
    while trace is not None:
        line = trace.tb_lineno if trace.tb_frame.f_code.co_filename == file else line
        trace = trace.tb_next
    return line
