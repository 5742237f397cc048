"""What the sandbox knows and does not serve: it says so of each."""

import datetime
import inspect
import typing

from calling import method, refused

PARTS = ("activity", "harbors", "operations", "record_view_links", "temporary_credentials")


def argument(name: str) -> typing.Any:
    return datetime.datetime(2026, 1, 1) if name.endswith("_time") else "x"


def unserved(methods: typing.Iterable[str]) -> None:
    for call in methods:
        if call.split(".")[0] not in PARTS:
            continue
        needed = [
            name
            for name, parameter in inspect.signature(method(call)).parameters.items()
            if parameter.default is inspect.Parameter.empty
        ]
        refused(501, call, **{name: argument(name) for name in needed})
