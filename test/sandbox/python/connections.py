"""Connections, their types, what goes through them and what they hold."""

import typing

from calling import do, expect, made, need, own, partner, refused, say, until

MYSQL = {"hostname": "h", "port": 3306, "database": "company", "account": "u", "passwd": "p", "username": "u"}
TABLE = "company.customers"


class Ends(typing.NamedTuple):
    """Connections that the rest is made with."""

    source: str
    target: str
    enricher: str


def types() -> None:
    listed = need("connections.get_types").data
    for each in listed:
        do("connections.get_connection_type_schema", each.id)
    shown = next(each for each in listed if each.id == "snowflake")
    say(
        "types",
        capabilities=shown.capabilities.dict(),
        form=sorted(shown.configuration_form.jsonschema["properties"]),
        initial=next(each for each in listed if each.initial_configuration).initial_configuration,
        oauth=next(each for each in listed if each.id == "salesforce").use_oauth,
    )
    values = need("connections.get_type_parameter_values", "bigquery", field="auth_method").data
    expect("connections.get_type_parameter_values", list(values), ["auth_method"])


def connections(other: str) -> Ends:
    source = made("connections.create", name="SQL", type="mysql", configuration=MYSQL)
    snowflake = {"account": "a", "username": "u", "password": "p"}
    target = made("connections.create", name="Snowflake", type="snowflake", configuration=snowflake)
    enricher = made("connections.create", name="Apollo", type="apollo", configuration={"apikey": "k"})
    do("connections.update", source, name="MySQL", configuration=MYSQL)
    shown = need("connections.get", source).data
    expect("connections.get", (shown.name, shown.rate_limit.currently_limited), ("MySQL", False))
    expect("connections.list", {each.id for each in need("connections.list").data}, {source, target, enricher})
    do("connections.test_connection", type="mysql", configuration=MYSQL)
    refused(422, "connections.test_connection", type="mysql", configuration={**MYSQL, "passwd": "wrong-password"})
    do("connections.get_parameter_values", source)
    card: typing.Any = {"name": "New", "redirect_url": "https://example.com", "type": "hubspot", "ttl": 600}
    token = need("connections.connect", **card, use_organization_name=True).data.token
    # The token of a session is a parameter that the client has no name for.
    with_token: typing.Any = {"additional_query_parameters": {"token": token}}
    session = need("connections.get_connect_session", request_options=with_token).data
    expect("connections.get_connect_session", (session.name, session.type), ("New", "hubspot"))
    shared = "connections.shared_connections"
    copy = made(f"{shared}.create_shared_connection", own, source, child_organization_id=other, by=partner)
    theirs = need(f"{shared}.list_shared_connections_for_partner", own, source, by=partner).data
    expect(f"{shared}.list_shared_connections_for_partner", [each.id for each in theirs], [copy])
    listed = need(f"{shared}.list_shared_connections", source).data
    expect(f"{shared}.list_shared_connections", [each.parent_connection_id for each in listed], [source])
    expect("entities.get", need("entities.get", source).data.type, "connection")
    do("entities.get_for_partner", source, by=partner)
    return Ends(source, target, enricher)


def remove_connections(ends: Ends) -> None:
    for each in ends:
        do("connections.delete", each)
        refused(404, "connections.get", each)


def through(ends: Ends) -> None:
    proxy = "connections.proxy"
    refused(403, f"{proxy}.execute_proxy", ends.enricher, request={"method": "GET", "path": "/"})
    do(f"{proxy}.update_proxy_settings", ends.enricher, enabled=True)
    settings = need(f"{proxy}.get_proxy_settings", ends.enricher).data
    expect(f"{proxy}.get_proxy_settings", (settings.enabled, settings.backend_type), (True, "apollo"))
    do(f"{proxy}.execute_proxy", ends.enricher, request={"method": "GET", "path": "/"})
    later = need(f"{proxy}.execute_proxy", ends.enricher, async_=True, request={"method": "GET", "path": "/"}).data
    until("done", "jobs.get", "connectionproxy", later.job_id)
    expect(f"{proxy}.get_proxy_info", need(f"{proxy}.get_proxy_info", ends.enricher).data.stats.proxy_calls_last24h, 2)
    do("connections.get_usage", ends.source)
    do("connections.get_usage", ends.enricher)
    query = made("query_runner.run_query", ends.source, query=f"select email from {TABLE}")
    expect("query_runner.get_query", until("done", "query_runner.get_query", query).fields, ["email"])
    links = need("query_runner.get_query", query).links
    do("query_runner.get_query", query, page=links.next.split("page=")[1])


def schemas(source: str) -> None:
    do("schemas.refresh", source)
    while need("schemas.get_status", source).data.cache_status != "fresh":
        pass
    do("schemas.get_records", source, TABLE)

    def field(name: str) -> typing.Any:
        fields = need("schemas.get", source, TABLE).data.fields
        return next((each for each in fields if each.id == name), None)

    do("schemas.upsert_field", source, TABLE, fields=[{"field_id": "x", "label": "X", "type": "string", "path": "$.x"}])
    patched = need("schemas.patch_field", source, TABLE, "x", label="Y", path="").data
    expect("schemas.patch_field", (patched.name, patched.path, patched.user_managed), ("Y", None, True))
    do("schemas.patch_field", source, TABLE, "email", type="array", definition=["string"], example=["a@example.com"])
    expect("schemas.get", (field("x").name, field("email").type), ("Y", "array"))
    do("schemas.patch_field", source, TABLE, "email", type="string", definition="string")
    do("schemas.delete_field", source, TABLE, "x")
    expect("schemas.delete_field", field("x"), None)
    do("schemas.set_primary_keys", source, TABLE, fields=[{"field_id": "email", "is_primary_key": True}])
    expect("schemas.set_primary_keys", field("email").primary_key_override, True)
    do("schemas.reset_primary_keys", source, TABLE)
    expect("schemas.reset_primary_keys", field("email").is_primary_key, False)
