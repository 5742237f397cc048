/** The JSON Schemas, ready to be compiled: when needed, or once and for all by the build. */
import type { ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { _ } from 'ajv/dist/compile/codegen/index.js';
import { fullFormats } from 'ajv-formats/dist/formats.js';
import common from '../../schemas/common.schema.json' with { type: 'json' };
import config from '../../schemas/config.schema.json' with { type: 'json' };
import defaults from '../../schemas/defaults.schema.json' with { type: 'json' };
import instances from '../../schemas/instances.schema.json' with { type: 'json' };
import moved from '../../schemas/moved.schema.json' with { type: 'json' };
import overlay from '../../schemas/overlay.schema.json' with { type: 'json' };
import removed from '../../schemas/removed.schema.json' with { type: 'json' };
import rule from '../../schemas/rule.schema.json' with { type: 'json' };
import template from '../../schemas/template.schema.json' with { type: 'json' };
import { kinds } from '../kinds/registry.js';

/** What a schema makes of a value; `errors` holds what is wrong after a `false`. */
export type Validate = Pick<ValidateFunction, 'errors'> & ((value: unknown) => boolean);

export const ajv = new Ajv2020({
  allErrors: true,
  // Messages need the schema around the failing keyword.
  verbose: true,
  strict: true,
  allowUnionTypes: true,
  strictRequired: false,
  strictTypes: false,
  code: { source: true, esm: true, formats: _`require("ajv-formats/dist/formats").fullFormats` },
});
ajv.addFormat('uuid', fullFormats.uuid);
ajv.addFormat('uri', fullFormats.uri);
ajv.addSchema(common);

/** Titles of the schemas that values are checked against. */
export const titles: readonly string[] = [
  ...kinds.map(({ name }) => name),
  'Config',
  'Defaults',
  'Instances',
  'Moved',
  'Overlay',
  'Removed',
  'Template',
];

/** The same, of what few runs read. */
export const ruleTitles: readonly string[] = ['Rule'];

const schemas: Readonly<Record<string, object>> = {
  ...Object.fromEntries(kinds.map(({ name, schema }) => [name, schema])),
  Config: config,
  Defaults: defaults,
  Instances: instances,
  Moved: moved,
  Overlay: overlay,
  Removed: removed,
  Rule: rule,
  Template: template,
};
for (const title of [...titles, ...ruleTitles]) ajv.addSchema(schemas[title] as object, title);
