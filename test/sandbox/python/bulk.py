"""Bulk syncs: their schemas, schedules and runs."""

import typing

from calling import do, expect, made, need, refused, until
from connections import TABLE, Ends

RUNS = "bulk_sync.executions"


def bulk_syncs(ends: Ends) -> None:
    do("bulk_sync.get_source", ends.source, include_fields=True)
    able = need("bulk_sync.get_destination", ends.target).data.supports_history_mode
    expect("bulk_sync.get_destination", able, True)
    body: typing.Any = {
        "name": "Copy",
        "source_connection_id": ends.source,
        "destination_connection_id": ends.target,
        "destination_configuration": {"schema": "raw"},
        "default_schedule": {"frequency": "daily", "hour": "05", "minute": "0"},
    }
    selected: typing.Any = [
        {
            "id": TABLE,
            "history_enabled": True,
            "user_output_name": "people",
            "fields": [{"id": "email", "user_output_name": "mail"}],
        },
        "company.teams",
    ]
    bulk = made("bulk_sync.create", **body, schemas=selected)
    expect("bulk_sync.list", [each.id for each in need("bulk_sync.list").data], [bulk])
    do("bulk_sync.update", bulk, **{**body, "name": "Other"})
    expect("bulk_sync.get", need("bulk_sync.get", bulk).data.name, "Other")
    expect("bulk_sync.activate", need("bulk_sync.activate", bulk, active=True).data.active, True)
    handling = "bulk_sync.error_handling"
    do(f"{handling}.update", bulk, subscribers=["a@example.com"], ingestion_failure_threshold=600)
    settings = need(f"{handling}.get", bulk).data
    expect(f"{handling}.get", (settings.subscribers, settings.ingestion_failure_threshold), (["a@example.com"], 600))
    cleared = need(f"{handling}.update", bulk, ingestion_failure_threshold=0).data
    expect(f"{handling}.update", (cleared.subscribers, cleared.ingestion_failure_threshold), (["a@example.com"], None))
    schemas(bulk)
    schedules(bulk)
    runs(bulk, ends.source)
    do("bulk_sync.delete", bulk)
    refused(404, "bulk_sync.get", bulk)
    refused(404, f"{handling}.get", bulk)


def schemas(bulk: str) -> None:
    named = (True, "people", "people", "people_history")

    def names(schema: typing.Any) -> typing.Tuple[object, ...]:
        return (
            schema.history_enabled,
            schema.user_output_name,
            schema.output_name,
            schema.destination_history_output_name,
        )

    listed = need("bulk_sync.schemas.list", bulk, filters={"enabled": ["true"]}).data
    expect("bulk_sync.schemas.list", [names(each) for each in listed if each.id == TABLE], [named])
    put = need("bulk_sync.schemas.update", bulk, TABLE, enabled=True, fields=[{"id": "email", "enabled": False}]).data
    mail = [(each.enabled, each.user_output_name) for each in put.fields if each.id == "email"]
    expect("bulk_sync.schemas.update", (names(put), mail), (named, [(False, "mail")]))
    patch: typing.Any = [{"id": TABLE, "history_enabled": False, "user_output_name": ""}]
    do("bulk_sync.schemas.patch", bulk, schemas=patch)
    shown = need("bulk_sync.schemas.get", bulk, TABLE).data
    expect("bulk_sync.schemas.get", names(shown), (False, "", "company_customers", None))


def schedules(bulk: str) -> None:
    calls = "bulk_sync.schedules"
    frequency = need(f"{calls}.create", bulk, schedule={"frequency": "hourly", "minute": "30"}).data.frequency
    expect(f"{calls}.create", frequency, "hourly")
    expect(f"{calls}.list", [each.is_default for each in need(f"{calls}.list", bulk).data], [True, False])
    # A list of schedules has no ids; the sync has.
    schedule = need("bulk_sync.get", bulk).data.additional_schedules[0].id
    do(f"{calls}.update", bulk, schedule, schedule={"frequency": "manual"})
    expect(f"{calls}.get", need(f"{calls}.get", bulk, schedule).data.frequency, "manual")
    do(f"{calls}.delete", bulk, schedule)
    refused(404, f"{calls}.get", bulk, schedule)


def runs(bulk: str, source: str) -> None:
    run = made("bulk_sync.start", bulk)
    do("bulk_sync.get_status", bulk)
    do("bulk_sync.schemas.cancel", bulk, TABLE)
    until("completed", f"{RUNS}.get", bulk, run)
    do(f"{RUNS}.list_status", all_=True)
    do(f"{RUNS}.list", bulk)
    do(f"{RUNS}.get_console_logs", bulk, run)
    do(f"{RUNS}.get_schema_console_logs", bulk, run, TABLE)
    lines = need(f"{RUNS}.get_ingest_console_logs", source, sync_id=bulk).data.entries
    expect(f"{RUNS}.get_ingest_console_logs", len(lines), 1)
    do(f"{RUNS}.get_logs", bulk, run)
    until("done", "jobs.get", "exportlogs", need(f"{RUNS}.export_logs", bulk, run).job.job_id)
    again = made("bulk_sync.start", bulk)
    do(f"{RUNS}.cancel", bulk, again)
    made("bulk_sync.start", bulk)
    do("bulk_sync.cancel", bulk)
