/**
 * What the tables of the sandbox and the clients know of the API, held against each other: by operation, then through
 * the types of its body and its answer, which are told apart by their place and not by their name.
 */
import {
  shapeOf,
  type Description,
  type Fields,
  type Operation,
  type Place,
  type Shape,
} from './description.js';

/** `missing`: a client has it, we lack it. `extra`: we have it, no client does. `changed`: both have it, otherwise. */
export type Section = 'missing' | 'extra' | 'changed' | 'unmanaged' | 'unsent';

export interface Difference {
  readonly section: Section;
  /** An operation, a type and its field: known by this, in the file of reasons too. */
  readonly row: string;
  /** The clients that say so; all of them where something is extra. */
  readonly clients: readonly string[];
}

export interface Client {
  readonly name: string;
  readonly description: Description;
}

/** Everything that was looked at, and who has it: differences follow at the end, when every client was heard. */
export interface Notes {
  readonly missing: Map<string, Set<string>>;
  readonly looked: Set<string>;
  readonly had: Set<string>;
  readonly changed: Map<string, { readonly field: string; readonly clients: Set<string> }>;
  /** Fields of which some client says the same as we do. */
  readonly agreed: Set<string>;
}

export const emptyNotes = (): Notes => ({
  missing: new Map(),
  looked: new Set(),
  had: new Set(),
  changed: new Map(),
  agreed: new Set(),
});

/** `number`, `string or list` …: what a shape says of a value. */
const kindsText = (kinds: ReadonlySet<string>): string => [...kinds].sort().join(' or ');

/** Objects with fields are told from objects that hold anything. */
const kindsOf = (shape: Shape): ReadonlySet<string> =>
  new Set([...shape.kinds].map((kind) => (kind === 'object' && shape.objects.size === 0 ? 'map' : kind)));

interface Walk {
  readonly client: string;
  readonly notes: Notes;
  readonly direction: 'body' | 'answer';
  readonly done: Set<string>;
}

const lacks = ({ notes, client }: Walk, row: string): void => {
  notes.missing.set(row, (notes.missing.get(row) ?? new Set()).add(client));
};

/** Notes whether both say the same of a field: differences of one field count where no client agrees. */
const same = ({ notes, client }: Walk, field: string, what: string | undefined): void => {
  if (what === undefined) {
    notes.agreed.add(field);
    return;
  }
  const row = `${field} ${what}`;
  const before = notes.changed.get(row) ?? { field, clients: new Set<string>() };
  before.clients.add(client);
  notes.changed.set(row, before);
};

const compareKinds = (walk: Walk, ours: Shape, theirs: Shape, label: string): void => {
  const own = kindsOf(ours);
  const other = kindsOf(theirs);
  if (theirs.open || other.size === 0) return;
  const unknown = [...other].filter((kind) => !own.has(kind) && !(kind === 'map' && own.has('object')));
  // Texts of a client are texts, whatever they mean; what we leave open we know too little of only for objects.
  const differs = ours.open ? other.has('object') && !own.has('object') : unknown.length > 0;
  same(
    walk,
    `${label} kind`,
    differs ? `${ours.open ? 'any' : kindsText(own)}, not ${kindsText(other)}` : undefined,
  );
};

const compareWords = (walk: Walk, ours: Shape, theirs: Shape): void => {
  if (ours.words.size === 0 || theirs.words.size === 0) return;
  const [owner = ''] = ours.words.values();
  for (const [word, label] of ours.words) {
    walk.notes.looked.add(`${label} = ${word}`);
    if (theirs.words.has(word)) walk.notes.had.add(`${label} = ${word}`);
  }
  for (const word of theirs.words.keys()) if (!ours.words.has(word)) lacks(walk, `${owner} = ${word}`);
};

const compareRequired = (walk: Walk, field: string, ours: boolean, theirs: boolean): void => {
  const what =
    theirs && !ours ? 'required' : ours && !theirs && walk.direction === 'body' ? 'optional' : undefined;
  same(walk, `${field} in ${walk.direction === 'body' ? 'a body' : 'an answer'}`, what);
};

/** All fields of several objects: where they cannot be paired by name, each may be any of them. */
const together = (objects: readonly Fields[]): Fields => new Map(objects.flatMap((fields) => [...fields]));

const compareFields = (walk: Walk, owner: string, ours: Fields, theirs: Fields, all: Fields = ours): void => {
  for (const [name, { place, required }] of ours) {
    const row = `${owner}.${name}`;
    walk.notes.looked.add(row);
    const other = theirs.get(name);
    if (other === undefined) continue;
    walk.notes.had.add(row);
    compareRequired(walk, row, required, other.required);
    comparePlaces(walk, place, other.place);
  }
  for (const name of theirs.keys()) if (!all.has(name)) lacks(walk, `${owner}.${name}`);
};

const compareObjects = (walk: Walk, ours: Shape, theirs: Shape, label: string): void => {
  if (ours.objects.size === 0 || theirs.objects.size === 0) return;
  const left = new Map(ours.objects);
  const others = new Map(theirs.objects);
  for (const [name, fields] of ours.objects) {
    const other = others.get(name);
    if (other === undefined) continue;
    compareFields(walk, name, fields, other);
    left.delete(name);
    others.delete(name);
  }
  if (others.size === 0) return;
  if (left.size === 0) {
    for (const name of others.keys()) lacks(walk, `${label} of ${name}`);
    return;
  }
  const all = together([...left.values()]);
  const whole = together([...others.values()]);
  for (const [name, fields] of left) compareFields(walk, name, fields, whole, all);
};

/** Compares what stands at one place of the API, as both sides have it. */
export const comparePlaces = (walk: Walk, ours: Place, theirs: Place): void => {
  const [own, other] = [shapeOf(ours), shapeOf(theirs)];
  const names = (shape: Shape, { label }: Place): string =>
    [...shape.objects.keys(), ...shape.words.values(), label][0] ?? label;
  const pair = `${walk.direction} ${ours.label} ${names(own, ours)} | ${theirs.label} ${names(other, theirs)}`;
  if (walk.done.has(pair)) return;
  walk.done.add(pair);
  compareKinds(walk, own, other, ours.label);
  compareWords(walk, own, other);
  compareObjects(walk, own, other, ours.label);
  for (const [mine, yours] of [
    [own.items[0], other.items[0]],
    [own.values[0], other.values[0]],
  ])
    if (mine !== undefined && yours !== undefined) comparePlaces(walk, mine, yours);
};

/** An operation without the names of its parameters, which differ between the sides. */
export const operationKey = ({ method, path }: Operation): string =>
  `${method} ${path.replaceAll(/\{\w*\}/g, '{}').replace(/\/$/, '')}`;

const byKey = ({ operations }: Description): ReadonlyMap<string, Operation> =>
  new Map(operations.map((operation) => [operationKey(operation), operation]));

const compareOperations = (notes: Notes, own: Description, { name, description }: Client): void => {
  const ours = byKey(own);
  const done = new Set<string>();
  for (const [key, theirs] of byKey(description)) {
    const walk = (direction: Walk['direction']): Walk => ({ client: name, notes, direction, done });
    const mine = ours.get(key);
    if (mine === undefined) {
      lacks(walk('body'), key);
      continue;
    }
    notes.had.add(key);
    for (const parameter of mine.query) {
      notes.looked.add(`${key} ?${parameter}`);
      if (theirs.query.includes(parameter)) notes.had.add(`${key} ?${parameter}`);
    }
    for (const parameter of theirs.query)
      if (!mine.query.includes(parameter)) lacks(walk('body'), `${key} ?${parameter}`);
    for (const direction of ['body', 'answer'] as const) {
      const [mySchema, theirSchema] = [mine[direction], theirs[direction]];
      const row = `${key} ${direction}`;
      if (theirSchema === undefined) {
        if (mySchema !== undefined) notes.looked.add(row);
      } else if (mySchema === undefined) lacks(walk(direction), row);
      else {
        notes.had.add(row);
        comparePlaces(
          walk(direction),
          { label: row, schema: mySchema, types: own.types },
          { label: row, schema: theirSchema, types: description.types },
        );
      }
    }
  }
  for (const key of ours.keys()) notes.looked.add(key);
};

/** The differences that follow from what was noted, sorted. */
export const differencesOf = (notes: Notes, clients: readonly string[]): readonly Difference[] => {
  const rows = (
    section: Section,
    entries: Iterable<readonly [row: string, clients: Iterable<string>]>,
  ): Difference[] =>
    [...entries]
      .map(([row, names]) => ({ section, row, clients: [...names] }))
      .sort((a, b) => (a.row < b.row ? -1 : 1));
  return [
    ...rows('missing', notes.missing),
    ...rows(
      'extra',
      [...notes.looked].filter((row) => !notes.had.has(row)).map((row) => [row, clients]),
    ),
    ...rows(
      'changed',
      [...notes.changed]
        .filter(([, { field }]) => !notes.agreed.has(field))
        .map(([row, each]) => [row, each.clients]),
    ),
  ];
};

/** What the clients have that `own` lacks, what it has that no client knows, and what is otherwise. */
export const compareWithClients = (own: Description, clients: readonly Client[]): readonly Difference[] => {
  const notes = emptyNotes();
  for (const client of clients) compareOperations(notes, own, client);
  return differencesOf(
    notes,
    clients.map(({ name }) => name),
  );
};
