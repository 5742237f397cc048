/** `Moved` of an instance whose key is another now: all that its template makes moves with it. */
import type { JsonObject } from '../../core/json.js';
import { didYouMean } from '../../core/suggest.js';
import { asText } from '../../core/text.js';
import { checkSchema } from '../schema.js';
import type { Statement } from '../statements.js';
import { KEY, type Instance, type Made } from './instance.js';
import { addressIn, makeInstance } from './instances.js';
import type { Making } from './sets.js';

/** Whether a statement is about an instance. */
const isOfInstance = ({ value }: Pick<Statement, 'value'>): boolean => 'template' in value;

/** The addresses of what an instance makes, in the order of its template. */
const addressesOf = async (instance: Instance, making: Making): Promise<readonly string[]> => {
  const made: Made[] = [];
  await makeInstance(instance, '', { ...making, made, overlays: [], instances: [], diagnostics: [] });
  return made.map(({ value }) => addressIn(value));
};

/** The statements with those of instances spelled out, one for each address that moves. */
export const spellOut = async (
  statements: readonly Statement[],
  making: Making,
): Promise<readonly Statement[]> => {
  const spelled: Statement[] = [];
  for (const statement of statements) {
    const { value, placeOf } = statement;
    // One that names no template is told of with the others.
    if (!isOfInstance(statement) || !making.templates.has(asText(value['template']))) {
      spelled.push(statement);
      continue;
    }
    const problems = checkSchema('Moved', value);
    for (const { pointer, at, ...problem } of problems)
      making.diagnostics.push({ severity: 'error', ...problem, place: placeOf(pointer, at) });
    if (problems.length > 0) continue;
    const [template, from, to] = ['template', 'from', 'to'].map((name) => asText(value[name]));
    const own = making.instances.filter((each) => each.template.key === template);
    const fail = (code: string, pointer: string, message: string, hint: string): void => {
      making.diagnostics.push({
        severity: 'error',
        code,
        message,
        hint,
        place: placeOf(pointer, 'value'),
      });
    };
    const there = own.find(({ key }) => key === from);
    const instance = own.find(({ key }) => key === to);
    if (there !== undefined)
      fail(
        'still-there',
        '/from',
        `there is an instance ${from ?? ''} of ${template ?? ''}`,
        'remove the instance, or this document',
      );
    else if (instance === undefined)
      fail(
        'unknown-target',
        '/to',
        `there is no instance ${to ?? ''} of ${template ?? ''}`,
        didYouMean(
          to ?? '',
          own.map(({ key }) => key),
        ) ?? 'an instance moves to the key of another one of the same template',
      );
    else {
      const before = { ...instance, parameters: new Map([...instance.parameters, [KEY, from ?? '']]) };
      const [old, now] = [await addressesOf(before, making), await addressesOf(instance, making)];
      old.forEach((address, index) => {
        const moved: JsonObject = { kind: 'Moved', from: address, to: now[index] ?? '' };
        if (address !== now[index])
          spelled.push({ ...statement, value: moved, placeOf: () => statement.place });
      });
    }
  }
  return spelled;
};
