"""Calls to a sandbox by names of the client's methods; each is told on a line of JSON: {"call", "error"?}."""

import inspect
import json
import sys
import typing

import strict  # Before the client: it takes its place in it.
from polytomic import Polytomic
from polytomic.core.api_error import ApiError

url, key, partner_key, own = sys.argv[1:5]


def client(token: str) -> Polytomic:
    return Polytomic(base_url=url, token=token, version="2025-09-18", max_retries=0)


user = client(key)
partner = client(partner_key)


def say(call: str, /, **more: object) -> None:
    print(json.dumps({"call": call, **more}), flush=True)


class Failed(Exception):
    """A call that others need did not work."""


def method(call: str, by: Polytomic = user) -> typing.Any:
    found: typing.Any = by
    for part in call.split("."):
        found = getattr(found, part)
    return found


def do(call: str, /, *args: object, by: Polytomic = user, **named: object) -> typing.Any:
    """Makes a call; what it answers is read to its end. None where it fails, or answers what its models do not have."""
    strict.problems.clear()
    try:
        answer = method(call, by)(*args, **named)
        if hasattr(answer, "__next__"):
            answer = list(answer)
    except Exception as error:  # Every failure is told: which ones count is for the test to say.
        say(call, error=f"{type(error).__name__}: {str(error)[:2000]}")
        return None
    if strict.problems:
        say(call, error="; ".join(strict.problems[:20]))
    else:
        say(call)
    return answer


def need(call: str, /, *args: object, **named: typing.Any) -> typing.Any:
    answer = do(call, *args, **named)
    if answer is None:
        raise Failed(call)
    return answer


def made(call: str, /, *args: object, **named: typing.Any) -> str:
    return need(call, *args, **named).data.id


def refused(status: int, call: str, /, *args: object, by: Polytomic = user, **named: object) -> None:
    """Makes a call that has to fail, with a status."""
    try:
        answer = method(call, by)(*args, **named)
        if hasattr(answer, "__next__"):
            list(answer)
    except ApiError as error:
        say(call, **({} if error.status_code == status else {"error": f"{error.status_code} instead of {status}"}))
    else:
        say(call, error=f"worked, instead of {status}")


def expect(call: str, found: object, wanted: object) -> None:
    """Tells of an answer that is not what it should be."""
    if found != wanted:
        say(call, error=f"{found!r} instead of {wanted!r}")


def until(status: str, call: str, /, *args: object) -> typing.Any:
    """Asks until the answer says that it is done."""
    for _ in range(20):
        data = need(call, *args).data
        if data.status == status:
            return data
    raise Failed(call)


def methods() -> typing.List[str]:
    """Every method that the client has, by its name."""

    def walk(part: object, prefix: str) -> typing.Iterator[str]:
        for name in dir(part):
            if name.startswith("_") or name == "with_raw_response":
                continue
            value = getattr(part, name)
            if inspect.ismethod(value):
                yield prefix + name
            elif type(value).__name__.endswith("Client") and type(value).__module__.startswith("polytomic."):
                yield from walk(value, f"{prefix}{name}.")

    return sorted(walk(user, ""))
