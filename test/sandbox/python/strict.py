"""Holds every answer to the client's own models: it would take more than they name, and turn one type into another."""

import datetime
import sys
import typing

import pydantic
from polytomic.core import pydantic_utilities

problems: typing.List[str] = []


def inner(annotation: typing.Any) -> typing.Any:
    """What may stand there beside nothing."""
    parts = [part for part in typing.get_args(annotation) if part is not type(None)]
    return parts[0] if typing.get_origin(annotation) is typing.Union and len(parts) == 1 else annotation


def item(annotation: typing.Any) -> typing.Any:
    """The type of the values of a list or of a map."""
    parts = typing.get_args(inner(annotation))
    return parts[-1] if parts and typing.get_origin(inner(annotation)) in (list, dict) else typing.Any


def known(annotation: typing.Any) -> typing.Optional[typing.FrozenSet[object]]:
    """The values that a text may have: the models take any other one too."""
    if typing.get_origin(annotation) is not typing.Union:
        return None
    literals = [part for part in typing.get_args(annotation) if typing.get_origin(part) is typing.Literal]
    return frozenset(value for part in literals for value in typing.get_args(part)) if literals else None


def compare(raw: typing.Any, parsed: typing.Any, annotation: typing.Any, at: str) -> None:
    """Notes where what came and what became of it differ."""
    if raw is None and parsed is None:
        return
    if isinstance(parsed, pydantic.BaseModel) and isinstance(raw, dict):
        fields = {field.alias or name: (name, field) for name, field in type(parsed).model_fields.items()}
        for key, value in raw.items():
            if key not in fields:
                problems.append(f"{at}.{key}: {type(parsed).__name__} has no such field")
                continue
            name, field = fields[key]
            compare(value, getattr(parsed, name), field.annotation, f"{at}.{key}")
    elif isinstance(parsed, list) and isinstance(raw, list):
        for index, (one, other) in enumerate(zip(raw, parsed)):
            compare(one, other, item(annotation), f"{at}[{index}]")
    elif isinstance(parsed, dict) and isinstance(raw, dict):
        for key, value in raw.items():
            compare(value, parsed[key], item(annotation), f"{at}.{key}")
    elif not (type(raw) is type(parsed) or (isinstance(parsed, datetime.datetime) and isinstance(raw, str))):
        problems.append(f"{at}: {type(raw).__name__} is taken for {type(parsed).__name__}")
    else:
        values = known(annotation)
        if values is not None and isinstance(raw, str) and raw not in values:
            problems.append(f"{at}: {raw!r} is none of the known values")


plain = pydantic_utilities.parse_obj_as


def parse(type_: typing.Any, object_: typing.Any) -> typing.Any:
    """What the client parses each answer with, as it came from the wire; and compares."""
    parsed = plain(type_, object_)
    compare(object_, parsed, type_, getattr(type_, "__name__", "answer"))
    return parsed


# Before any client is loaded: each takes the function by its name.
assert not [name for name in sys.modules if name.startswith("polytomic.") and name.endswith("client")]
pydantic_utilities.parse_obj_as = parse
