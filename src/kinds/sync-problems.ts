/** Parts of a live sync that the API says it cannot find any more. Pure. */
import type { JsonObject } from '../core/json.js';
import { escapePointer, isValueObject, type Value, type ValueObject } from '../core/secret.js';
import { asText } from '../core/text.js';
import type { Finding, LiveProblem } from './kind.js';
import { items, valueAt, type Path } from './paths.js';
import { finding, type Outlook } from './preflight.js';

/** How a problem names its place is not documented: with points and brackets, or as a JSON pointer. */
const pathOf = (path: string): readonly string[] =>
  (path.match(/[^./[\]]+/g) ?? []).map((segment) => segment.replaceAll(/^["']|["']$/g, ''));

/** What an answer says that it cannot find any more (`problems`). */
export const problemsOf = ({ problems }: JsonObject): readonly LiveProblem[] =>
  items(problems).map(({ path, message, code }) => ({
    path: asText(path),
    message: asText(message ?? code),
  }));

/** What the API cannot find, as findings at the parts of the document, but for those that it says in another way. */
export const problemFindings = (
  document: ValueObject,
  live: JsonObject | undefined,
  outlook: Pick<Outlook, 'idOf'>,
): readonly Finding[] =>
  problemsOf(live ?? {}).flatMap(({ path: place, message }): readonly Finding[] => {
    const path = pathOf(place);
    const held = path.slice(0, depthOf(document, path));
    if (isMended(valueAt(document, path), valueAt(live, path), outlook)) return [];
    return [
      finding(
        'warning',
        'live-problem',
        held.map((segment) => `/${escapePointer(segment)}`).join(''),
        `Polytomic reports a problem with what lives here: ${message}`,
        'change this part, or bring back what it names',
      ),
    ];
  });

/** How much of a path leads anywhere. */
const depthOf = (document: ValueObject, path: Path): number => {
  const end = path.findIndex((_, depth) => valueAt(document, path.slice(0, depth + 1)) === undefined);
  return end < 0 ? path.length : end;
};

/** Whether the document names another field there than the live object. */
const isMended = (
  ours: Value | undefined,
  theirs: Value | undefined,
  { idOf }: Pick<Outlook, 'idOf'>,
): boolean => {
  if (!isValueObject(theirs) || theirs['field'] === undefined) return false;
  if (!isValueObject(ours)) return true;
  const model = idOf('Model', ours['model']);
  return ours['field'] !== theirs['field'] || (model !== undefined && model !== theirs['model_id']);
};
