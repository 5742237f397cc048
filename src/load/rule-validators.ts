/** As validators.ts, for rules: read where there are some. The build puts ready-made code in its place, too. */
import { ajv, type Validate } from './ajv.js';

/** The validator of a schema by its title. Throws for an unknown one. */
export const validatorOf = (title: string): Validate => {
  const validate = ajv.getSchema(title);
  if (validate === undefined) throw new Error(`no schema ${title}`);
  return validate as Validate;
};
