"""Reads an archive of a client of the API, as text: nothing in it is unpacked, imported or run.

    python3 -I -B read.py ARCHIVE

prints JSON: of a wheel what the client knows of the API (`operations`, `types` as JSON Schemas), by Python's own parser;
of an npm package the texts that the caller parses (`texts`). What is larger than any client, leads out of the archive
or cannot be understood ends with a message and the code 1.
"""

import ast
import json
import os
import re
import sys

# Alone among the files here: Python was started without any folder of its own to import from.
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from archive import Refused, texts  # noqa: E402

BASIC = {
    "str": {"type": "string"},
    "int": {"type": "number"},
    "float": {"type": "number"},
    "bool": {"type": "boolean"},
    "dt.datetime": {"type": "string"},
    "dt.date": {"type": "string"},
    "typing.Any": {},
    "typing.Text": {"type": "string"},
    "object": {},
    "None": {"type": "null"},
}


class Module:
    """One file of the client: names of the types that it imports under others, and where a mistake is said to be."""

    def __init__(self, name, text):
        self.name = name
        self.tree = ast.parse(text)
        self.imported = {
            alias.asname: alias.name
            for node in ast.walk(self.tree)
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
            if alias.asname
        }

    def refuse(self, node, what):
        raise Refused(f"{self.name}:{getattr(node, 'lineno', 0)}: {what}: {ast.unparse(node)[:80]}")

    def schema(self, node):
        """The JSON Schema of an annotation."""
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return self.schema(ast.parse(node.value, mode="eval").body)
        if isinstance(node, ast.Constant) and node.value is None:
            return BASIC["None"]
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
            return self.union([node.left, node.right])
        if isinstance(node, ast.Subscript):
            return self.generic(node)
        text = ast.unparse(node)
        if text in BASIC:
            return BASIC[text]
        if isinstance(node, ast.Name):
            return {"$ref": self.imported.get(node.id, node.id)}
        return self.refuse(node, "a type that is not known")

    def generic(self, node):
        name = ast.unparse(node.value).removeprefix("typing_extensions.").removeprefix("typing.")
        given = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if name == "Optional":
            return self.schema(given[0])
        if name == "Annotated":
            return self.schema(given[0])
        if name == "Union":
            return self.union(given)
        if name == "Literal":
            return {"enum": [each.value for each in given]}
        if name in ("List", "Sequence", "Set", "Iterable", "list"):
            return {"type": "array", "items": self.schema(given[0])}
        if name in ("Dict", "Mapping", "dict"):
            return {"type": "object", "additionalProperties": self.schema(given[1])}
        return self.refuse(node, "a type that is not known")

    def union(self, given):
        """`Any` beside known values says only that others may come."""
        all_of = [self.schema(each) for each in given]
        known = [each for each in all_of if "enum" in each]
        return {"anyOf": [each for each in all_of if each != {} or not known]}

    def wire(self, statement):
        """The name of a field on the wire: that of its alias, where it has one."""
        for call in ast.walk(statement):
            if isinstance(call, ast.Call):
                for keyword in call.keywords:
                    if keyword.arg == "alias" and isinstance(keyword.value, ast.Constant):
                        return keyword.value.value
        return statement.target.id

    def fields(self, definition):
        properties = {}
        required = []
        for statement in definition.body:
            if not isinstance(statement, ast.AnnAssign) or "ClassVar" in ast.unparse(statement.annotation):
                continue
            name = self.wire(statement)
            properties[name] = self.schema(statement.annotation)
            # `pydantic.Field(alias=…)` is no value that stands for absence.
            value = statement.value
            if value is None or (
                isinstance(value, ast.Call)
                and not any(each.arg in ("default", "default_factory") for each in value.keywords)
            ):
                required.append(name)
        return {"type": "object", "properties": properties, "required": required}

    def types(self):
        """(name, schema, names of what it inherits from) of each type that the file defines."""
        for node in self.tree.body:
            if isinstance(node, ast.ClassDef):
                bases = [ast.unparse(base) for base in node.bases]
                if any(base.endswith("Enum") for base in bases):
                    words = [
                        each.value.value
                        for each in node.body
                        if isinstance(each, ast.Assign) and isinstance(each.value, ast.Constant)
                    ]
                    yield node.name, {"enum": words}, []
                elif bases:
                    known = [self.imported.get(base, base) for base in bases if base != "UniversalBaseModel"]
                    yield node.name, self.fields(node), known
            elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                yield node.targets[0].id, self.schema(node.value), []

    def operations(self):
        """What each method of a client that waits for its answer asks for."""
        for client in self.tree.body:
            if not isinstance(client, ast.ClassDef) or not client.name.startswith("Raw"):
                continue
            for method in client.body:
                if isinstance(method, ast.FunctionDef) and method.name != "__init__":
                    yield self.operation(method)

    def operation(self, method):
        arguments = method.args
        typed = {each.arg: each.annotation for each in [*arguments.args, *arguments.kwonlyargs] if each.annotation}
        defaults = [None] * (len(arguments.args) - len(arguments.defaults)) + arguments.defaults
        needed = {
            each.arg
            for each, default in [
                *zip(arguments.args, defaults),
                *zip(arguments.kwonlyargs, arguments.kw_defaults),
            ]
            if default is None
        }
        requests = [
            node
            for node in ast.walk(method)
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith((".request", ".stream"))
        ]
        if len(requests) != 1:
            self.refuse(method, "a method without a request of its own")
        (request,) = requests
        given = {each.arg: each.value for each in request.keywords}
        if not request.args or not isinstance(given.get("method"), ast.Constant):
            self.refuse(request, "a request without path or method")
        query = given.get("params")
        body = given.get("json")
        return {
            "method": given["method"].value,
            "path": "/" + self.path(request.args[0]).lstrip("/"),
            "query": [key.value for key in query.keys] if isinstance(query, ast.Dict) else [],
            **({} if body is None else {"body": self.body(body, typed, needed)}),
            **self.answer(method.returns),
        }

    def path(self, node):
        if isinstance(node, ast.Constant):
            return node.value
        if not isinstance(node, ast.JoinedStr):
            self.refuse(node, "a path that is not known")
        return "".join(each.value if isinstance(each, ast.Constant) else "{}" for each in node.values)

    def sent(self, node, typed):
        """The argument that an expression sends, by name."""
        names = [each.id for each in ast.walk(node) if isinstance(each, ast.Name) and each.id in typed]
        if not names:
            self.refuse(node, "a value that is no argument")
        return names[0]

    def body(self, node, typed, needed):
        if not isinstance(node, ast.Dict):
            return self.schema(typed[self.sent(node, typed)])
        names = {key.value: self.sent(value, typed) for key, value in zip(node.keys, node.values)}
        return {
            "type": "object",
            "properties": {key: self.schema(typed[name]) for key, name in names.items()},
            "required": [key for key, name in names.items() if name in needed],
        }

    def answer(self, node):
        """Of `HttpResponse[T]`; nothing of None, of bytes and of streams."""
        if not isinstance(node, ast.Subscript) or ast.unparse(node.value) != "HttpResponse":
            return {}
        schema = self.schema(node.slice)
        return {} if schema == BASIC["None"] else {"answer": schema}


def described(files):
    """What a client for Python knows of the API. Throws for two types of one name that differ."""
    types = {}
    inherited = {}
    operations = []
    for name, text in sorted(files.items()):
        module = Module(name, text)
        if name.endswith("/raw_client.py"):
            operations.extend(module.operations())
            continue
        for type_name, schema, bases in module.types():
            if types.get(type_name, schema) != schema:
                raise Refused(f"two types of the name {type_name}")
            types[type_name] = schema
            if bases:
                inherited[type_name] = bases
    for type_name, bases in inherited.items():
        types[type_name] = {"allOf": [types[type_name], *({"$ref": base} for base in bases)]}
    return {"operations": operations, "types": types}


def main(path):
    if path.endswith(".whl"):
        pattern = re.compile(r"\w+/(?!core/)(?:[\w/]+/)?(?:raw_client|types/(?!__init__)\w+)\.py")
        return described(texts(path, pattern.fullmatch))
    pattern = re.compile(r"package/api/[\w/]+(?:\.d\.ts|/Client\.js)")
    return {"texts": texts(path, pattern.fullmatch)}


if __name__ == "__main__":
    try:
        json.dump(main(sys.argv[1]), sys.stdout)
    except Refused as error:
        sys.exit(str(error))
    except Exception as error:  # whatever a broken or hostile archive makes the readers throw
        sys.exit(f"not an archive of a client: {type(error).__name__}: {error}")
