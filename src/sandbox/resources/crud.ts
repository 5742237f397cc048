/** The usual five operations of a simple resource. */
import type { JsonObject } from '../../core/json.js';
import { choices } from '../choices.js';
import { found, ok, refuse, type Reply, type Route, type SandboxRequest } from '../http.js';
import { only, type Collection, type Store, type Stored } from '../store.js';
import type { Within } from '../versions.js';

export interface Crud {
  readonly collection: Collection;
  readonly path: string;
  readonly what: string;
  /** Types of the bodies. */
  readonly create: string;
  readonly update: string;
  /** Types of the answers: of one, and of a list. */
  readonly one: string;
  readonly many: string;
  readonly in?: Within;
  readonly partner?: true;
  /** Properties that an answer shows. */
  readonly shown: readonly string[];
  /** What an answer shows in another way than it is stored. */
  readonly hidden?: JsonObject;
  /** The object to store; throws a refusal. `before` is absent for a create. */
  readonly accept: (request: SandboxRequest, before: Stored | undefined) => JsonObject;
  /** What goes with an object that is deleted. */
  readonly removed?: (store: Store, id: string) => void;
  /** Reads may answer with another type than writes do, and with more. */
  readonly read?: { readonly one: string; readonly more: JsonObject };
  /** A delete answers with what was deleted; with nothing for most. */
  readonly deleteAnswers?: true;
  /** Before any of the operations: the request as they are to see it; throws a refusal. */
  readonly enter?: (request: SandboxRequest) => SandboxRequest;
}

/** Routes of a resource. One with `system: true` cannot be changed. */
export const crud = (resource: Crud): readonly Route[] => {
  const { collection, path, what, shown, hidden, accept, enter = (request) => request } = resource;
  const read = ({ store }: SandboxRequest, stored: Stored): JsonObject => ({
    ...only(stored, ['id', ...shown]),
    ...hidden,
    organization_id: store.organization,
  });
  const more = resource.read?.more ?? {};
  const find = ({ store, params }: SandboxRequest): Stored =>
    found(store.get(collection, params['id'] ?? ''), what);
  const changeable =
    (handle: (request: SandboxRequest, object: Stored) => Reply) => (request: SandboxRequest) => {
      const object = find(request);
      return object['system'] === true
        ? refuse(403, 'system', `a ${what} of the system cannot be changed`)
        : handle(request, object);
    };
  const routes: readonly Route[] = [
    {
      method: 'GET',
      path,
      answer: resource.many,
      handle: (request) =>
        ok(request.store.list(collection).map((object) => ({ ...read(request, object), ...more }))),
    },
    {
      method: 'POST',
      path,
      body: resource.create,
      answer: resource.one,
      handle: (request) =>
        ok(
          read(request, request.store.insert(collection, accept(request, undefined))),
          {},
          choices.createdStatus,
        ),
    },
    {
      method: 'GET',
      path: `${path}/:id`,
      answer: resource.read?.one ?? resource.one,
      handle: (request) => ok({ ...read(request, find(request)), ...more }),
    },
    {
      method: 'PUT',
      path: `${path}/:id`,
      body: resource.update,
      answer: resource.one,
      handle: changeable((request, object) =>
        ok(read(request, request.store.replace(collection, object.id, accept(request, object)))),
      ),
    },
    {
      method: 'DELETE',
      path: `${path}/:id`,
      ...(resource.deleteAnswers === true ? { answer: resource.one } : {}),
      handle: changeable((request, object) => {
        request.store.remove(collection, object.id);
        resource.removed?.(request.store, object.id);
        return resource.deleteAnswers === true
          ? ok(read(request, object))
          : { status: choices.deletedStatus };
      }),
    },
  ];
  return routes.map((route) => ({
    ...route,
    ...(resource.in === undefined ? {} : { in: resource.in }),
    ...(resource.partner === undefined ? {} : { partner: resource.partner }),
    handle: (request) => route.handle(enter(request)),
  }));
};
