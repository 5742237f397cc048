/** The compiled JSON Schemas. The build replaces this file with ready-made code: compiling takes a while. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import { fullFormats } from 'ajv-formats/dist/formats.js';
import type { ValidateFunction } from 'ajv';
import common from '../../schemas/common.schema.json' with { type: 'json' };
import config from '../../schemas/config.schema.json' with { type: 'json' };
import overlay from '../../schemas/overlay.schema.json' with { type: 'json' };
import { kinds } from '../kinds/registry.js';

const ajv = new Ajv2020({
  allErrors: true,
  verbose: true,
  strict: true,
  allowUnionTypes: true,
  strictRequired: false,
  strictTypes: false,
});
ajv.addFormat('uuid', fullFormats.uuid);
ajv.addFormat('uri', fullFormats.uri);
ajv.addSchema(common);

const schemas = new Map<string, object>([
  ...kinds.map(({ name, schema }) => [name, schema] as const),
  ['Config', config],
  ['Overlay', overlay],
]);
const compiled = new Map<string, ValidateFunction>();

/** The validator of a schema by its title. Throws for an unknown one. */
export const validatorOf = (name: string): ValidateFunction => {
  const known = compiled.get(name);
  if (known !== undefined) return known;
  const schema = schemas.get(name);
  if (schema === undefined) throw new Error(`no schema ${name}`);
  const validate = ajv.compile(schema);
  compiled.set(name, validate);
  return validate;
};
