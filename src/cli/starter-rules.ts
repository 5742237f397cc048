/** The set of rules that `init --rules` writes: what most teams agree on, to be made one's own. */
import { modeline, RULE_SCHEMA } from '../core/modeline.js';

const production = `${modeline(RULE_SCHEMA)}
# What may happen in production.
kind: Rule
name: no-replace-without-approval
description: A replacement makes a new object and deletes the old one, with its history.
match:
  # environment: production # where the configuration file has several
  action: replace
require:
  approval: { label: approved-replace }
message: a replacement in production is approved by a label
---
${modeline(RULE_SCHEMA)}
kind: Rule
name: no-deletes-in-production
description: What has to go all the same is named in a Removed document with an exception and its reason.
# match: { environment: production } # where the configuration file has several
require:
  plan: { deletes: 0 }
message: nothing is deleted in production
`;

const names = `${modeline(RULE_SCHEMA)}
kind: Rule
name: names-in-one-style
description: A name begins with a capital letter or a digit, and has no space at its end.
match:
  kind: [Connection, Model, Sync, BulkSync]
require:
  resource:
    properties:
      name: { pattern: '^[\\p{Lu}0-9]([^\\n]*[^\\s])?$' }
message: names have one style
severity: warning
---
${modeline(RULE_SCHEMA)}
kind: Rule
name: sync-has-owner
description: Whoever is called at night finds out whom to ask.
match:
  kind: [Sync, BulkSync]
require:
  resource:
    properties:
      labels:
        required: [owner]
        properties: { owner: { pattern: '^[@\\w][\\w@/.+-]*$' } }
message: every sync has a label owner
`;

const schedules = `${modeline(RULE_SCHEMA)}
kind: Rule
name: no-schedule-tighter-than-an-hour
description: >-
  Not continuous; of a custom schedule the minute is one number. builder and multi come from the page of Polytomic, and do
  not say how often they run.
match:
  kind: [Sync, BulkSync]
require:
  resource:
    properties:
      schedule: { $ref: '#/$defs/schedule' }
      default_schedule: { $ref: '#/$defs/schedule' }
      additional_schedules: { items: { $ref: '#/$defs/schedule' } }
    $defs:
      schedule:
        properties:
          frequency: { enum: [manual, hourly, daily, weekly, custom, runafter, dbtcloud] }
        if: { properties: { frequency: { const: custom } }, required: [frequency] }
        then:
          required: [minute]
          properties: { minute: { pattern: '^[0-9]{1,2}$' } }
message: no schedule is tighter than an hour
`;

const personal = `${modeline(RULE_SCHEMA)}
kind: Rule
name: personal-columns
description: >-
  Columns with these names leave their source obfuscated (bulk syncs), encrypted (syncs) or not at all. A model marks
  columns of its own with labels: { personal: "column another_column" }.
match:
  kind: [Sync, BulkSync]
require:
  obfuscated:
    columns: ['*email*', '*phone*', '*birth*', '*ssn*', '*passport*', '*iban*']
    label: personal
message: personal columns are obfuscated or not mapped
`;

/** Files by their path. */
export const starterRules: Readonly<Record<string, string>> = {
  'rules/production.yaml': production,
  'rules/names.yaml': names,
  'rules/schedules.yaml': schedules,
  'rules/personal.yaml': personal,
};
