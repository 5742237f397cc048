/** Sets of parameters: those that a document gives in a list or a map, or in a CSV file. */
import path from 'node:path';
import type { Diagnostic, Place } from '../../core/diagnostics.js';
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../core/json.js';
import { asText } from '../../core/text.js';
import type { Origin } from '../overlay.js';
import type { SourceReader } from '../source.js';
import { meaning } from '../typed.js';
import { readCsv } from './csv.js';
import type { Instance, Made, OwnOverlay, Template } from './instance.js';
import { typesOf } from './parameters.js';
import type { Budget } from './shape.js';

/** More instances than this nobody writes; a file of a stranger can have a million. */
export const MOST_INSTANCES = 50_000;

/** A set of parameters as it is written. */
export interface Given {
  readonly values: ReadonlyMap<string, Json>;
  readonly key?: string;
  readonly place: Place;
  readonly placeOf: (parameter: string, what: 'key' | 'value') => Place;
}

/** A document of kind `Instances`: of a file, or of a template's resources. */
export interface Source {
  readonly value: JsonObject;
  readonly origin: Origin;
  readonly from: readonly string[];
  /** Where the instances are written, whose folder has the defaults. */
  readonly file: string;
  readonly parent?: Instance;
}

/** What instances are made with. */
export interface Making {
  readonly templates: ReadonlyMap<string, Template>;
  readonly read: SourceReader;
  readonly place: (origin: Origin, segments: readonly string[], what: 'key' | 'value') => Place;
  readonly diagnostics: Diagnostic[];
  readonly made: Made[];
  readonly overlays: OwnOverlay[];
  readonly instances: Instance[];
  readonly budget: Budget;
}

/** Tells of what is wrong. */
export type Fail = (finding: Omit<Diagnostic, 'severity'>) => void;

/** As errors among the findings of `making`. */
export const failIn =
  ({ diagnostics }: Making): Fail =>
  (finding) =>
    diagnostics.push({ severity: 'error', ...finding });

/** The sets of a list or of a map. */
export const writtenIn = ({ value, origin, from }: Source, { place }: Making): readonly Given[] => {
  const { instances } = value;
  const entries: readonly (readonly [string, Json])[] = isJsonArray(instances)
    ? instances.map((item, index) => [String(index), item])
    : isJsonObject(instances)
      ? Object.entries(instances)
      : [];
  return entries.map(([name, item]) => {
    const at = [...from, 'instances', name];
    const set = isJsonObject(item) ? item : {};
    return {
      values: new Map(Object.entries(set)),
      ...(isJsonArray(instances) ? {} : { key: name }),
      place: place(origin, at, 'key'),
      placeOf: (parameter, what) => place(origin, [...at, parameter], what),
    };
  });
};

/** The sets of a CSV file; of a cell that is not what its parameter is, a finding. */
export const readIn = async (
  source: Source,
  template: Template,
  making: Making,
): Promise<readonly Given[]> => {
  const fail = failIn(making);
  const named = asText(source.value['csv']);
  const at = making.place(source.origin, [...source.from, 'csv'], 'value');
  const file = path.posix.join(path.posix.dirname(source.origin.file), named);
  const text = await making.read(file);
  if ('diagnostic' in text) {
    const { code, message, hint } = text.diagnostic;
    fail({ code, message: `${named}: ${message}`, place: at, ...(hint === undefined ? {} : { hint }) });
    return [];
  }
  const table = readCsv(text.text, MOST_INSTANCES);
  if ('problem' in table) {
    fail({
      code: 'bad-csv',
      message: `not valid CSV: ${table.problem}`,
      hint: 'the first row has the names of parameters, and each row as many cells; quote cells that hold a comma',
      place: { file, line: table.line, column: 1 },
      related: [{ message: 'read here', place: at }],
    });
    return [];
  }
  return table.rows.map(({ line, cells }) => {
    const place = { file, line, column: 1 };
    const values = new Map<string, Json>();
    for (const [name, cell] of cells) {
      const parameter = template.parameters.get(name);
      const meant =
        parameter === undefined || cell.includes('${') ? undefined : meaning(cell, typesOf(parameter));
      if (meant !== undefined && 'wanted' in meant)
        fail({
          code: 'wrong-type',
          message: `${name} must be ${meant.wanted}, and the cell is not`,
          hint: 'give another value, or leave the cell empty for the default',
          place,
          related: parameterHere(template, name, making),
        });
      else values.set(name, meant === undefined ? cell : meant.value);
    }
    return { values, place, placeOf: () => place };
  });
};

/** For a finding at an instance: the parameter of the template, or the template. */
export const parameterHere = (
  { document, parameters }: Template,
  name: string,
  { place }: Making,
): NonNullable<Diagnostic['related']> => [
  {
    message: parameters.has(name) ? 'the parameter' : 'the template',
    place: place(document, parameters.has(name) ? ['parameters', name] : [], 'key'),
  },
];
