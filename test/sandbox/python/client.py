"""Drives a sandbox with the client that Polytomic publishes for Python; tells of each call on a line of JSON.

In: the address, the user's key, the partner's key, the organization. A line: {"call", "error"?}.
"""

import json
import sys
import typing

from polytomic import Polytomic

url, key, partner_key, own = sys.argv[1:5]
user = Polytomic(base_url=url, token=key, version="2025-09-18", max_retries=0)
partner = Polytomic(base_url=url, token=partner_key, version="2025-09-18", max_retries=0)


def say(call: str, /, **more: object) -> None:
    print(json.dumps({"call": call, **more}), flush=True)


class Failed(Exception):
    """A call that others need did not work."""


def do(call: str, /, *args: object, by: Polytomic = user, **named: object) -> typing.Any:
    """Makes a call; what it answers is read to its end. None where it fails."""
    method: typing.Any = by
    for part in call.split("."):
        method = getattr(method, part)
    try:
        answer = method(*args, **named)
        if hasattr(answer, "__next__"):
            answer = list(answer)
    except Exception as error:  # Every failure is told: which ones count is for the test to say.
        say(call, error=f"{type(error).__name__}: {str(error)[:2000]}")
        return None
    say(call)
    return answer


def need(call: str, /, *args: object, **named: typing.Any) -> typing.Any:
    answer = do(call, *args, **named)
    if answer is None:
        raise Failed(call)
    return answer


def made(call: str, /, *args: object, **named: typing.Any) -> str:
    return need(call, *args, **named).data.id


# Connection types, with what each field of them became.
types = need("connections.get_types").data
for each in types:
    do("connections.get_connection_type_schema", each.id)
shown = next(each for each in types if each.id == "snowflake")
say(
    "types",
    count=len(types),
    capabilities=shown.capabilities.dict(),
    form=sorted(shown.configuration_form.jsonschema["properties"]),
    initial=next(each for each in types if each.initial_configuration).initial_configuration,
    oauth=next(each for each in types if each.id == "salesforce").use_oauth,
)
do("connections.get_type_parameter_values", "bigquery", field="auth_method")

# Who calls, and where.
do("identity.get")
do("organization.get_current")
do("organization.list", by=partner)
other = made("organization.create", name="Other", by=partner)
do("organization.get", other, by=partner)
do("organization.update", other, name="Another", by=partner)

# Users, roles, policies, webhooks, notifications.
person = made("users.create_current_org_user", email="a@example.com", role="admin")
do("users.list_current_org_users")
do("users.get_current_org_user", person)
do("users.update_current_org_user", person, role="member")
do("users.delete_current_org_user", person)
theirs = made("users.create", other, email="b@example.com", by=partner)
do("users.list", other, by=partner)
do("users.get", other, theirs, by=partner)
do("users.update", other, theirs, email="b@example.com", role="admin", by=partner)
do("users.create_api_key", other, theirs, force=True, by=partner)
do("users.delete", other, theirs, by=partner)
role = made("permissions.roles.create", name="Analyst")
do("permissions.roles.list")
do("permissions.roles.get", role)
do("permissions.roles.update", role, name="Analysts")
policy = made("permissions.policies.create", name="Readers")
do("permissions.policies.list")
do("permissions.policies.get", policy)
do("permissions.policies.update", policy, name="Readers", policy_actions=[{"action": "read", "role_ids": [role]}])
do("permissions.policies.delete", policy)
do("permissions.roles.delete", role)
hook = {"endpoint": "https://example.com/hook", "secret": "s"}
webhook = made("webhooks.create", **hook)
do("webhooks.list")
do("webhooks.get", webhook)
do("webhooks.update", webhook, **hook)
do("webhooks.disable", webhook)
do("webhooks.enable", webhook)
do("webhooks.list_deliveries", webhook)
do("webhooks.delete", webhook)
do("notifications.set_global_error_subscribers", emails=["a@example.com"])
do("notifications.get_global_error_subscribers")

# Connections.
mysql = {"hostname": "h", "port": 3306, "database": "company", "account": "u", "passwd": "p", "username": "u"}
source = made("connections.create", name="MySQL", type="mysql", configuration=mysql)
snowflake = {"account": "a", "username": "u", "password": "p"}
target = made("connections.create", name="Snowflake", type="snowflake", configuration=snowflake)
enricher = made("connections.create", name="Apollo", type="apollo", configuration={"apikey": "k"})
do("connections.list")
do("connections.get", source)
do("connections.update", source, name="MySQL", configuration=mysql)
do("connections.test_connection", type="mysql", configuration=mysql)
card = need("connections.connect", name="New", redirect_url="https://example.com", type="hubspot", ttl=600).data
# The token of a session is a parameter that the client has no name for.
do("connections.get_connect_session", request_options={"additional_query_parameters": {"token": card.token}})
do("connections.get_parameter_values", source)
do("connections.get_usage", source)
shared = "connections.shared_connections"
do(f"{shared}.create_shared_connection", own, source, child_organization_id=other, by=partner)
do(f"{shared}.list_shared_connections_for_partner", own, source, by=partner)
do(f"{shared}.list_shared_connections", source)
do("entities.get", source)
do("entities.get_for_partner", source, by=partner)
do("connections.proxy.update_proxy_settings", enricher, enabled=True)
do("connections.proxy.get_proxy_settings", enricher)
do("connections.proxy.get_proxy_info", enricher)
do("connections.proxy.execute_proxy", enricher, request={"method": "GET", "path": "/"})
query = made("query_runner.run_query", source, query="select email from company.customers")
while need("query_runner.get_query", query).data.status != "done":
    pass

# Schemas of a connection.
do("schemas.refresh", source)
while need("schemas.get_status", source).data.cache_status != "fresh":
    pass
table = "company.customers"
do("schemas.get", source, table)
do("schemas.get_records", source, table)
do("schemas.upsert_field", source, table, fields=[{"field_id": "x", "label": "X", "type": "string"}])
do("schemas.patch_field", source, table, "x", label="Y")
do("schemas.delete_field", source, table, "x")
do("schemas.set_primary_keys", source, table, fields=[{"field_id": "email", "is_primary_key": True}])
do("schemas.reset_primary_keys", source, table)

# Models.
do("model_sync.get_source", source)
do("model_sync.get_source_fields", source, params={"table": ["company.teams"]})
do("models.get_enrichment_source", enricher)
do("models.post", enricher, configuration={"object": "people"})
body: typing.Any = {"name": "Customers", "connection_id": source, "configuration": {"table": table}, "identifier": "id"}
do("models.preview", **body)
model = made("models.create", **body)
do("models.list")
do("models.get", model)
do("models.update", model, **body)
do("models.sample", model)
job = need("models.sample", model, async_=True).job
do("jobs.get", "samplemodel", job.job_id)

# Syncs.
do("model_sync.targets.list", target)
do("model_sync.targets.get_create_property", target, "schema")
do("model_sync.targets.get_target_fields", target, target="CUSTOMERS.CONTACTS")
email = {"model_id": model, "field": "email"}
sync_body: typing.Any = {
    "name": "Sync",
    "mode": "updateOrCreate",
    "fields": [{"source": email, "target": "EMAIL"}],
    "filters": [{"field": email, "function": "IsNotNull"}],
    "override_fields": [{"target": "LAST_NAME", "override_value": "X"}],
    "identity": {"source": email, "target": "EMAIL", "function": "Equality"},
    "schedule": {"frequency": "daily", "hour": "5", "minute": "05"},
    "target": {"connection_id": target, "object": "CUSTOMERS.CONTACTS"},
}
sync = made("model_sync.create", **sync_body)
do("model_sync.list")
do("model_sync.get_schedule_options")
do("model_sync.get", sync)
newer_body: typing.Any = {name: value for name, value in sync_body.items() if name not in ("identity", "filters")} | {
    "identities": {"mappings": [sync_body["identity"]], "strategy": "priority"},
    "model_filters": {"conditions": [{"source": email, "function": "IsNotNull", "label": "mail"}], "logic": "mail"},
}
updated = need("model_sync.update", sync, **newer_body).data
assert updated.identities.mappings[0] == updated.identity, updated
assert updated.model_filters.logic == updated.filter_logic == "A", updated
do("model_sync.update", sync, **sync_body)
do("model_sync.activate", sync, active=True)
do("model_sync.error_handling.get", sync)
do("model_sync.error_handling.update", sync, subscribers=["a@example.com"])
run = made("model_sync.start", sync)
do("model_sync.get_status", sync)
runs = "model_sync.executions"
do(f"{runs}.list", sync)
do(f"{runs}.get", sync, run)
do(f"{runs}.get_console_logs", sync, run)
do(f"{runs}.get_logs_index", sync, run)
do(f"{runs}.get_log_urls", sync, run, "records")
do(f"{runs}.get_logs", sync, run, "records", "records.jsonl")
do(f"{runs}.cancel", sync, run)
do("model_sync.cancel", sync)

# Bulk syncs.
do("bulk_sync.get_source", source, include_fields=True)
do("bulk_sync.get_destination", target)
bulk_body: typing.Any = {
    "name": "Copy",
    "source_connection_id": source,
    "destination_connection_id": target,
    "destination_configuration": {"schema": "raw"},
    "default_schedule": {"frequency": "daily", "hour": "05", "minute": "0"},
}
bulk = made("bulk_sync.create", **bulk_body)
do("bulk_sync.list")
do("bulk_sync.get", bulk)
do("bulk_sync.update", bulk, **bulk_body)
do("bulk_sync.activate", bulk, active=True)
do("bulk_sync.error_handling.get", bulk)
do("bulk_sync.error_handling.update", bulk, subscribers=[])
do("bulk_sync.get_status", bulk)
do("bulk_sync.schemas.list", bulk)
do("bulk_sync.schemas.get", bulk, table)
do("bulk_sync.schemas.update", bulk, table, enabled=True, fields=[{"id": "email", "enabled": False}])
do("bulk_sync.schemas.patch", bulk, schemas=[{"id": "company.teams", "enabled": False}])
bulk_run = made("bulk_sync.start", bulk)
bulk_runs = "bulk_sync.executions"
do(f"{bulk_runs}.list_status", all_=True)
do(f"{bulk_runs}.list", bulk)
do(f"{bulk_runs}.get", bulk, bulk_run)
do(f"{bulk_runs}.get_console_logs", bulk, bulk_run)
do(f"{bulk_runs}.get_schema_console_logs", bulk, bulk_run, table)
do(f"{bulk_runs}.get_ingest_console_logs", source)
do(f"{bulk_runs}.get_logs", bulk, bulk_run)
do(f"{bulk_runs}.export_logs", bulk, bulk_run)
do("bulk_sync.schemas.cancel", bulk, table)
do(f"{bulk_runs}.cancel", bulk, bulk_run)
do("bulk_sync.cancel", bulk)
do("bulk_sync.schedules.create", bulk, schedule={"frequency": "hourly", "minute": "30"})
do("bulk_sync.schedules.list", bulk)
# A list of schedules has no ids; the sync has.
schedule = need("bulk_sync.get", bulk).data.additional_schedules[0].id
do("bulk_sync.schedules.get", bulk, schedule)
do("bulk_sync.schedules.update", bulk, schedule, schedule={"frequency": "manual"})
do("bulk_sync.schedules.delete", bulk, schedule)

# What happened, and the end of it all.
do("events.list")
do("events.get_types")
do("organization.get_record_logging")
do("organization.update_record_logging", enabled=False)
do("bulk_sync.delete", bulk)
do("model_sync.delete", sync)
do("models.delete", model)
do("connections.delete", source)
do("organization.delete", other, by=partner)
