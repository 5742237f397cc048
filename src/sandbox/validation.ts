/** Whether a body or an answer is what its type says. */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Json, JsonObject } from '../core/json.js';
import { choices } from './choices.js';
import { refuse, type Reply } from './http.js';
import { typeSchemas } from './types/all.js';

type Side = 'bodies' | 'answers';

const compiler = (side: Side): ((type: string) => ValidateFunction) => {
  const ajv = new Ajv2020({ allErrors: true, strict: false });
  addFormats.default(ajv, ['date-time']);
  // A body may hold more than is declared (a choice: nothing is documented); an answer may not.
  const style = { refPrefix: `${side}#/$defs/`, closed: side === 'answers' };
  ajv.addSchema({ $id: side, $defs: typeSchemas(style) });
  return (type) => {
    const validate = ajv.getSchema(`${side}#/$defs/${type}`);
    if (validate === undefined) throw new Error(`no type ${type}`);
    return validate;
  };
};

const compilers = new Map<Side, (type: string) => ValidateFunction>();

const messagesOf = (side: Side, type: string, value: Json): readonly string[] => {
  const compile = compilers.get(side) ?? compiler(side);
  compilers.set(side, compile);
  const validate = compile(type);
  if (validate(value)) return [];
  const relevant = (validate.errors ?? []).filter(
    // That it might have been null, or which of several it might have been, helps nobody.
    ({ keyword, params }) => keyword !== 'anyOf' && params['type'] !== 'null',
  );
  return (relevant.length === 0 ? (validate.errors ?? []) : relevant).map(
    ({ instancePath, message, params }) => {
      const extra = params['additionalProperty'] as string | undefined;
      return `${instancePath.slice(1).replaceAll('/', '.')} ${message ?? ''}${extra === undefined ? '' : ` (${extra})`}`.trim();
    },
  );
};

/** What is wrong with a body, as the API's error, or undefined. */
export const invalidBody = (type: string, body: JsonObject): Reply | undefined => {
  const messages = messagesOf('bodies', type, body);
  return messages.length === 0
    ? undefined
    : refuse(choices.invalidStatus, 'validation_failed', messages.join('; '), { errors: [...messages] });
};

/** How an answer differs from its type; empty where it does not. For tests of the sandbox itself. */
export const invalidAnswer = (type: string, answer: Json): readonly string[] =>
  messagesOf('answers', type, answer);
