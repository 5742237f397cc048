"""Drives a sandbox with the client that Polytomic publishes for Python: each operation through its whole life.

In: the address, the user's key, the partner's key, the organization. A line for each call: {"call", "error"?}; one of
the client's methods, one of the fields that its models have.
"""

import administration
import beyond
import bulk
import connections
import polytomic.types
import pydantic
import strict
import syncs
from calling import do, methods, say

every = methods()
say("methods", names=every)
models = {name: getattr(polytomic.types, name) for name in dir(polytomic.types)}
say(
    "models",
    fields={
        name: [field.alias or own for own, field in model.model_fields.items()]
        for name, model in models.items()
        if isinstance(model, type) and issubclass(model, pydantic.BaseModel)
    },
)

# That it would be noticed: one field too many, a value that nobody knows, one type for another.
strict.parse(polytomic.types.User, {"id": "x", "more": 1})
strict.parse(polytomic.types.BulkSyncExecution, {"status": "unheard"})
strict.parse(polytomic.types.BulkSyncExecution, {"schemas": [{"record_count": "5"}]})
say("strict", problems=list(strict.problems))

connections.types()
other = administration.organizations()
administration.users(other)
administration.permissions()
administration.settings()
webhook = administration.add_webhook()
ends = connections.connections(other)
connections.through(ends)
connections.schemas(ends.source)
model = syncs.models(ends)
syncs.targets(ends.target)
syncs.syncs(model, ends.target)
bulk.bulk_syncs(ends)
do("events.list", limit=100)
do("events.get_types")
administration.remove_webhook(webhook)
syncs.remove_model(model)
connections.remove_connections(ends)
administration.remove_organization(other)
beyond.unserved(every)
