/** From the documents of templates and instances to manifests. */
import type { Diagnostic } from '../../core/diagnostics.js';
import { isJsonObject, type JsonObject } from '../../core/json.js';
import { pointerSegments } from '../../core/secret.js';
import type { ParsedDocument } from '../parse.js';
import type { Locate } from '../positions.js';
import type { SourceReader } from '../source.js';
import { INSTANCES, TEMPLATE, type Manifests } from './instance.js';
import { makeAll, MOST_MADE } from './instances.js';
import { spellOut } from './moved.js';
import type { Making } from './sets.js';
import { readTemplates } from './template.js';

/** Makes the manifests of all instances. Never throws for what files hold; `read` reads the CSV files. */
export const make = async (
  documents: readonly ParsedDocument[],
  locate: Locate,
  read: SourceReader,
): Promise<Manifests> => {
  const ofKind = (kind: string): readonly ParsedDocument[] =>
    documents.filter(({ value }) => isJsonObject(value) && value['kind'] === kind);
  const diagnostics: Diagnostic[] = [];
  const found = readTemplates(
    ofKind(TEMPLATE),
    ({ file, index }, pointer, what) => locate(file, index, pointerSegments(pointer), what).place,
  );
  diagnostics.push(...found.diagnostics);
  const making: Making = {
    templates: found.templates,
    read,
    place: ({ file, index }, segments, what) => locate(file, index, segments, what).place,
    diagnostics,
    made: [],
    overlays: [],
    instances: [],
    budget: { left: MOST_MADE },
  };
  await makeAll(
    ofKind(INSTANCES).map(({ file, index, value }) => ({ file, index, value: value as JsonObject })),
    making,
  );
  return {
    templates: new Map([...found.templates].filter(([, { isSound }]) => isSound)),
    manifests: making.made,
    overlays: making.overlays,
    diagnostics,
    spellOut: async (statements) => spellOut(statements, making),
  };
};
