"""A policy from a YAML file. Every number is read as the text that stands there, so that none passes through a float.

An error names the place in the file, the value, and what would be right.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import msgspec
import yaml

from wangge.assessment.core.clauses import KINDS
from wangge.assessment.core.policy import Policy, check_policy, plain
from wangge.base.errors import InvalidInput, MalformedInput

LONGEST = 1_000_000
_STEP = re.compile(r"\.([A-Za-z_]\w*)|\[(\d+|\.\.\.)\]")
_AT = re.compile(r" - at `(?:key in )?\$(.*)`$")
info = msgspec.inspect


class _Loader(yaml.BaseLoader):
    """Scalars stay text. A key that stands twice is refused, and so are anchors: a file says what it says once."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        event = self.peek_event()  # type: ignore[no-untyped-call]  # the stubs leave it out
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise yaml.MarkedYAMLError(problem="anchors and aliases are not taken", problem_mark=event.start_mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        names = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and names.count(key.value) > 1:
                problem = f"“{key.value}” stands twice"
                raise yaml.MarkedYAMLError(problem=problem, problem_mark=key.start_mark)
        return super().construct_mapping(node, deep)


def read_policy(file: Path) -> Policy:
    """The policy of a file. Raises `MalformedInput` for what is no YAML, `InvalidInput` for a value."""
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise InvalidInput("The policy cannot be read.", field="policy", value=file, expected="a YAML file") from error
    except UnicodeDecodeError as error:
        raise MalformedInput("The policy is not UTF-8.", field="policy", value=file, expected="UTF-8") from error
    return parse_policy(text)


def parse_policy(text: str) -> Policy:
    """The policy that a YAML text states."""
    if len(text) > LONGEST:
        raise MalformedInput("This is no policy.", field="policy", value=f"{len(text)} characters",
                             expected=f"at most {LONGEST}")
    try:
        raw = yaml.load(text, _Loader)  # noqa: S506 - a BaseLoader makes nothing but text, lists and mappings
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"line {mark.line + 1}, column {mark.column + 1}" if mark else "the file"
        raise MalformedInput(f"This is no YAML: {error.problem or error.context}.", field=where,
                             expected="a policy as docs/policies.md shows") from error
    except (yaml.YAMLError, RecursionError) as error:
        raise MalformedInput("This is no YAML.", field="policy",
                             expected="a policy as docs/policies.md shows") from error
    return policy_of(raw)


def policy_of(raw: Any) -> Policy:
    """The policy of texts, lists and mappings, as a form or a file gives them."""
    if not isinstance(raw, dict):
        raise InvalidInput("This is no policy.", field="policy", value=raw,
                           expected="a mapping with policy, version, title, valid_from and clauses")
    try:
        return check_policy(msgspec.convert(raw, Policy, strict=False))
    except msgspec.ValidationError as error:
        raise _named(str(error), raw) from None


class _Dumper(yaml.SafeDumper):
    """All values are text that needs no quotes; a text of several lines stands as such."""

    yaml_implicit_resolvers: dict[str, Any] = {}

    def ignore_aliases(self, data: Any) -> bool:
        """What stands twice is written twice."""
        return True


def _text(dumper: _Dumper, value: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style="|" if "\n" in value else None)


_Dumper.add_representer(str, _text)


def write_policy(policy: Policy) -> str:
    """The policy as a YAML text that `parse_policy` reads as the same policy, with the same digest."""
    return yaml.dump(_texts(plain(policy)), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120)


def _texts(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _texts(one) for name, one in value.items() if one != ""}
    if isinstance(value, list):
        return [_texts(one) for one in value]
    return str(value).lower() if isinstance(value, bool) else str(value)


def _named(said: str, raw: Any) -> InvalidInput:
    """The refusal of msgspec with the value that stands there and what would be right."""
    found = _AT.search(said)
    path = found[1] if found else ""
    words = said[: found.start()] if found else said
    value, kind = raw, info.type_info(Policy)
    for name, index in _STEP.findall(path):
        kind = _below(kind, name, value)
        value = _value(value, name, index)
    return InvalidInput(f"{words}.", field=path.lstrip(".") or "policy", value=_shown(value),
                        expected=_expected(_chosen(kind, value)))


def _below(kind: info.Type, name: str, value: Any) -> info.Type:
    if isinstance(kind, info.UnionType) and name == "kind":
        return info.LiteralType(tuple(KINDS))
    kind = _chosen(kind, value)
    if isinstance(kind, info.StructType):
        if name == kind.tag_field:
            return info.LiteralType(tuple(KINDS))
        return next((field.type for field in kind.fields if field.encode_name == name), info.AnyType())
    if isinstance(kind, info.VarTupleType | info.ListType):
        return kind.item_type
    return kind.value_type if isinstance(kind, info.DictType) else info.AnyType()


def _chosen(kind: info.Type, value: Any) -> info.Type:
    """Of several clauses the one whose kind stands there."""
    if not isinstance(kind, info.UnionType):
        return kind
    given = value.get("kind") if isinstance(value, dict) else None
    fits = [one for one in kind.types if isinstance(one, info.StructType) and one.tag == given]
    return fits[0] if fits else kind


def _value(value: Any, name: str, index: str) -> Any:
    if isinstance(value, dict):
        return value.get(name) if name else None
    if isinstance(value, list) and index.isdigit() and int(index) < len(value):
        return value[int(index)]
    return None


def _shown(value: Any) -> object:
    return ", ".join(map(str, value)) if isinstance(value, dict | list) else value


def _expected(kind: info.Type) -> str:
    """What would be right, in words."""
    if isinstance(kind, info.LiteralType):
        return "one of " + ", ".join(map(str, kind.values))
    if isinstance(kind, info.StructType):
        must = [field.encode_name for field in kind.fields if field.required]
        may = [field.encode_name for field in kind.fields if not field.required]
        known = [kind.tag_field, *must] if kind.tag_field else must
        return "the keys " + ", ".join(known) + (f"; and as wanted {', '.join(may)}" if may else "")
    if isinstance(kind, info.UnionType):
        return "a clause whose kind is one of " + ", ".join(KINDS)
    words = {info.IntType: "a whole number", info.DecimalType: "a decimal number, such as 0.1", info.StrType: "a text",
             info.BoolType: "true or false", info.VarTupleType: "a list", info.DictType: "a mapping"}
    return words.get(type(kind), "what docs/policies.md shows")
