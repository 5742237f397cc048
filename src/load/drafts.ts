/** Manifests on their way: what makes a document one, and its address its own. Pure. */
import { addressOf, type Address } from '../core/address.js';
import type { Diagnostic } from '../core/diagnostics.js';
import { isJsonObject } from '../core/json.js';
import { asText } from '../core/text.js';
import { unknownKind } from '../kinds/names.js';
import { kinds } from '../kinds/registry.js';
import { DEFAULTS, fill, type Defaults } from './defaults.js';
import type { Draft } from './draft.js';
import type { Step } from './overlay.js';
import type { ParsedDocument } from './parse.js';
import { statementKinds } from './statements.js';
import { INSTANCES, TEMPLATE, type Made } from './templates/instance.js';

const kindNames = kinds.map(({ name }) => name);
const documentKinds = [...kindNames, ...statementKinds, DEFAULTS, TEMPLATE, INSTANCES];

/** What becomes a draft: a document of its own, or what an instance of a template makes. */
interface Candidate {
  readonly document: ParsedDocument;
  /** Where the defaults of its folder are looked for. */
  readonly file: string;
  readonly made?: Made;
}

/** Takes a manifest up among `drafts`; one that is none, or the second of its address, is a finding. */
const addDraft = (
  { document, file, made }: Candidate,
  defaults: Defaults,
  drafts: Map<Address, Draft>,
  diagnostics: Diagnostic[],
): void => {
  const { value, place } = document;
  const fail = (code: string, message: string, hint: string): void => {
    diagnostics.push({ severity: 'error', code, message, hint, place, ...templateOf(made) });
  };
  if (!isJsonObject(value)) {
    fail('no-manifest', 'the document is no map', 'a manifest begins with kind: and key:');
    return;
  }
  const { kind, key } = value;
  if (typeof kind !== 'string' || !kindNames.includes(kind)) {
    const name = asText(kind);
    const { isUnmanaged, hint } = unknownKind(name, documentKinds);
    if (isUnmanaged)
      fail(
        'unmanaged-kind',
        `${name} is not managed by this version yet`,
        `move the document out of the manifests: ${hint}`,
      );
    else
      fail(
        'unknown-kind',
        kind === undefined ? 'the document has no kind' : `unknown kind ${JSON.stringify(kind)}`,
        hint,
      );
    return;
  }
  if (typeof key !== 'string') {
    fail(
      'missing-field',
      'the manifest has no key',
      'add key: a name of its own in this repository, as text',
    );
    return;
  }
  const address = addressOf(kind, key);
  const first = drafts.get(address);
  if (first !== undefined) {
    diagnostics.push({
      severity: 'error',
      code: 'duplicate-address',
      message: `a second ${address}`,
      hint: 'give one of them another key',
      address,
      place,
      related: [
        { message: 'the first', place: first.document.place },
        ...(templateOf(made ?? first.made).related ?? []),
      ],
    });
    return;
  }
  const filled = fill(defaults, file, value);
  drafts.set(address, {
    document,
    value: filled.value,
    steps: made === undefined ? filled.steps : [writtenIn(made), ...filled.steps],
    ...(made === undefined ? {} : { made }),
  });
};

/** For a finding at an instance: the template that it is one of. */
export const templateOf = (made: Made | undefined): Pick<Diagnostic, 'related'> =>
  made === undefined
    ? {}
    : {
        related: [
          {
            message: `made by the template ${made.instance.template.key}`,
            place: made.instance.template.document.place,
          },
        ],
      };

/** All of what an instance makes is written in the template. */
const writtenIn = ({ instance, index }: Made): Step => ({
  origin: instance.template.document,
  from: ['resources', String(index)],
  op: 'set',
  path: [],
});

/**
 * The manifests of documents and of instances, by address. What cannot be one is a finding; of two with one address the
 * second is.
 */
export const draftsOf = (
  documents: readonly ParsedDocument[],
  made: readonly Made[],
  defaults: Defaults,
  diagnostics: Diagnostic[],
): Map<Address, Draft> => {
  const drafts = new Map<Address, Draft>();
  for (const document of documents)
    addDraft({ document, file: document.file }, defaults, drafts, diagnostics);
  for (const each of made) {
    const { value, instance, file } = each;
    const { place } = instance;
    addDraft(
      { document: { file: place.file, index: 0, value, place }, file, made: each },
      defaults,
      drafts,
      diagnostics,
    );
  }
  return drafts;
};
