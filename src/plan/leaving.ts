/** What is bound and has no manifest any more. Pure. */
import type { Address } from '../core/address.js';
import type { Diagnostic } from '../core/diagnostics.js';
import type { JsonObject } from '../core/json.js';
import { titleOf } from '../kinds/identity.js';
import { comparable } from '../kinds/normalise.js';
import { referencesFromLive } from '../kinds/references.js';
import type { Kind } from '../kinds/kind.js';
import { kindOf } from '../kinds/registry.js';
import type { Removal } from '../load/statements.js';
import type { Binding } from '../state/state.js';
import type { Context } from './context.js';
import type { Change } from './plan.js';
import { oldObject, sparedBy } from './replace.js';

export interface Leaving {
  readonly changes: readonly Change[];
  /** Left alone, since nothing is to be pruned. */
  readonly retained: readonly Address[];
  readonly diagnostics: readonly Diagnostic[];
}

/** A live object in the form of comparison, or undefined where it is gone. */
const liveForm = (kindName: string, id: string, { liveOf, keyOf }: Context): JsonObject | undefined => {
  const object = liveOf(kindName, id);
  if (object === undefined) return undefined;
  const kind = kindOf(kindName);
  return comparable(
    kind,
    referencesFromLive(kind, kind.fromLive(object.value).document, keyOf) as JsonObject,
  );
};

/** What becomes of bindings without manifests: deleted, forgotten, or left alone. */
export const leaving = (context: Context): Leaving => {
  const { desired, state, prune } = context;
  const present = new Set(desired.resources.map(({ address }) => address));
  const removals = new Map(desired.removals.map((removal) => [removal.from, removal]));
  const changes: Change[] = [];
  const retained: Address[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const [address, binding] of Object.entries(state.resources) as [Address, Binding][]) {
    if (present.has(address)) continue;
    const removal = removals.get(address);
    const kind = kindOf(binding.kind);
    const before = liveForm(binding.kind, binding.id, context);
    const base = {
      address,
      step: address,
      kind: binding.kind,
      name: titleOf(kind, before ?? binding.applied),
      id: binding.id,
      patch: [],
      before: before ?? null,
      after: null,
      causes: {},
      unknownSecrets: [],
      waitsFor: [],
      ...(removal === undefined ? {} : { place: removal.place }),
    };
    if (before === undefined)
      changes.push({
        ...base,
        action: 'forget',
        reasons: ['its manifest and the live object are both gone'],
      });
    else if (removal?.destroy === false)
      changes.push({ ...base, action: 'forget', reasons: ['it lives on, and is managed no more'] });
    else if (removal === undefined && prune === 'never') retained.push(address);
    else if (kind.stays !== undefined && removal === undefined)
      changes.push({ ...base, action: 'forget', reasons: ['its manifest is gone', kind.stays] });
    else {
      const why = whyNot(address, binding, context);
      if (why !== undefined) diagnostics.push({ ...why, ...placeOf(removal) });
      if (removal === undefined) {
        if (binding.protected === true) diagnostics.push(protectedObject(address));
        else if (kind.isProtected === true) diagnostics.push(keptObject(address, kind));
      }
      changes.push({
        ...base,
        action: 'delete',
        reasons: [
          removal === undefined ? 'its manifest is gone' : 'its removal was asked for',
          ...(kind.consequences?.delete === undefined ? [] : [kind.consequences.delete]),
        ],
      });
    }
  }
  return { changes, retained, diagnostics };
};

const placeOf = (removal: Removal | undefined): Pick<Diagnostic, 'place'> =>
  removal === undefined ? {} : { place: removal.place };

/** Why an object must not be deleted, whatever the manifests say. */
const whyNot = (address: Address, { kind: name, id }: Binding, context: Context): Diagnostic | undefined => {
  const kind = kindOf(name);
  const reason = kind.stays ?? sparedBy(kind, context.liveOf(name, id), context);
  return reason === undefined
    ? undefined
    : {
        severity: 'error',
        code: 'not-deletable',
        message: `${address} would be deleted, and cannot be: ${reason}`,
        hint: `bring its manifest back, or say kind: Removed, from: ${address}, destroy: false: it lives on`,
        address,
      };
};

const protectedObject = (address: Address): Diagnostic => ({
  severity: 'error',
  code: 'prevent-destroy',
  message: `${address} would be deleted, and was protected by lifecycle.prevent_destroy`,
  hint: `bring its manifest back, or say kind: Removed, from: ${address}, destroy: true (or false: it lives on)`,
  address,
});

const keptObject = (address: Address, { noun, consequences }: Kind): Diagnostic => ({
  severity: 'error',
  code: 'prevent-destroy',
  message: `${address} would be deleted since its manifest is gone, and ${consequences?.delete ?? `no ${noun.one} is deleted that way`}`,
  hint: `bring its manifest back, or say kind: Removed, from: ${address}, destroy: true (or false: it lives on)`,
  address,
});

/** Objects that were replaced, and not deleted yet: an earlier run did not get that far. */
export const deposed = (
  context: Context,
  of: readonly { readonly address: Address; readonly kind: string }[],
): readonly Change[] => {
  const places = new Map(context.desired.resources.map(({ address, place }) => [address, place]));
  return of.flatMap(({ address, kind }) =>
    context.deposedOf(address).flatMap((id, index) => {
      const before = liveForm(kind, id, context);
      const place = places.get(address);
      const base = {
        address,
        kind,
        name: before === undefined ? '' : titleOf(kindOf(kind), before),
        waitsFor: [],
        ...(place === undefined ? {} : { place }),
      };
      return before === undefined ? [] : [oldObject(base, id, before, index)];
    }),
  );
};
