/** All differences between what this project knows of the API and what its official clients know. */
import common from '../../schemas/common.schema.json' with { type: 'json' };
import type { JsonObject } from '../../src/core/json.js';
import { DEFAULT_VERSION, dialectOf } from '../../src/api/versions.js';
import { kinds } from '../../src/kinds/registry.js';
import {
  compareWithClients,
  differencesOf,
  emptyNotes,
  type Client,
  type Difference,
  type Section,
} from './compare.js';
import { ownDescription } from './own.js';
import { compareManifests, type Manifests } from './writable.js';

const renamed: Partial<Record<Section, Section>> = { missing: 'unmanaged', extra: 'unsent' };

/** What the bodies of a kind and its manifests have of each other. */
export const manifestDifferences = (
  manifests: readonly Manifests[],
  definitions: Readonly<Record<string, JsonObject>>,
  clients: readonly Client[],
): readonly Difference[] => {
  const notes = emptyNotes();
  for (const kind of manifests)
    for (const client of clients) compareManifests(notes, kind, definitions, client);
  return differencesOf(
    notes,
    clients.map(({ name }) => name),
  ).map((each) => ({ ...each, section: renamed[each.section] ?? each.section }));
};

/** Every difference, sorted within its section. Throws where the types of a client do not fit together. */
export const allDifferences = (clients: readonly Client[]): readonly Difference[] => [
  ...compareWithClients(ownDescription(), clients),
  ...manifestDifferences(
    kinds.flatMap((kind) => {
      const path = kind.endpoints(dialectOf(DEFAULT_VERSION))?.create?.path;
      return path === undefined ? [] : [{ ...kind, collection: path }];
    }),
    common.$defs,
    clients,
  ),
];
