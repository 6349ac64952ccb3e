"""The page that explains the interface: made from its schema, without a line of script."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from ninja import NinjaAPI
from ninja.openapi.docs import DocsBase

from yanlu.api.problems import PROBLEMS
from yanlu.api.rest.keys import STALE

METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Field:
    """A field of a request or an answer."""

    name: str
    type: str
    is_needed: bool
    description: str


@dataclass(frozen=True)
class Operation:
    """What can be done at an address."""

    method: str
    path: str
    summary: str
    description: str
    parameters: list[Field]
    request: list[Field]
    answer: list[Field]
    statuses: list[int]


class Page(DocsBase):
    """The page at ``docs``."""

    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        """Everything that the schema says, in words."""
        schema = api.get_openapi_schema(path_params=kwargs)
        context = {
            "operations": list(operations(schema)),
            "problems": sorted(PROBLEMS, key=lambda problem: problem.status),
            "schema_url": self.get_openapi_url(api, kwargs),
            "stale": int(STALE.total_seconds()),
        }
        return render(request, "api/docs.html", context)


def operations(schema: dict[str, Any]) -> Iterator[Operation]:
    """Each operation of the schema, in its order."""
    for path, found in schema["paths"].items():
        for method in METHODS:
            if method in found:
                yield _operation(schema, path, method, found[method])


def _operation(schema: dict[str, Any], path: str, method: str, found: dict[str, Any]) -> Operation:
    answers = found["responses"]
    statuses = sorted(int(status) for status in answers)
    return Operation(
        method=method.upper(),
        path=path,
        summary=gettext(found["summary"]),
        description=gettext(found.get("description", "")),
        parameters=[_parameter(each) for each in found.get("parameters", [])],
        request=list(_fields(schema, found.get("requestBody", {}))),
        answer=list(_fields(schema, answers.get(statuses[0], {}))),
        statuses=statuses,
    )


def _parameter(found: dict[str, Any]) -> Field:
    description = gettext(found["description"]) if "description" in found else ""
    needed = found.get("required", False)
    return Field(found["name"], _type(found["schema"]), needed, description)


def _fields(schema: dict[str, Any], body: dict[str, Any]) -> Iterator[Field]:
    """Fields of a body, those of objects within it behind a dot."""
    for content in body.get("content", {}).values():
        yield from _properties(schema, content["schema"], "")


def _properties(schema: dict[str, Any], of: dict[str, Any], prefix: str) -> Iterator[Field]:
    model = _resolved(schema, of)
    for name, found in model.get("properties", {}).items():
        needed = name in model.get("required", ())
        description = gettext(found["description"]) if found.get("description") else ""
        yield Field(prefix + name, _type(found), needed, description)
        inner = found.get("items", found)
        for part in [inner, *inner.get("anyOf", ()), *inner.get("allOf", ())]:
            if "$ref" in part:
                yield from _properties(schema, part, f"{prefix}{name}.")


def _resolved(schema: dict[str, Any], of: dict[str, Any]) -> dict[str, Any]:
    model: dict[str, Any] = of
    if "$ref" in of:
        model = schema["components"]["schemas"][of["$ref"].rpartition("/")[2]]
    return model


def _type(found: dict[str, Any]) -> str:
    """The type in the words of JSON, with its limits."""
    if values := found.get("enum"):
        return " | ".join(str(value) for value in values if value is not None)
    options = [_type(part) for part in found.get("anyOf", ()) if part.get("type") != "null"]
    if options:
        return " | ".join(options)
    if "$ref" in found:
        return "object"
    name = str(found.get("format") or found.get("const") or found.get("type", "object"))
    longest = found.get("maxLength")
    return f"{name} ≤ {longest}" if longest else name
