/** What a kind of resource says of itself. All that is special to one kind stands in its own file. */
import type { YAMLMap } from 'yaml';
import type { Identity as Caller } from '../api/calls.js';
import type { Dialect } from '../api/dialect.js';
import type { JsonType } from '../api/type-schema.js';
import type { Json, JsonObject } from '../core/json.js';
import type { Value, ValueObject } from '../core/secret.js';
import type { MovedColumn } from './columns.js';
import type { Finding } from './finding.js';
import type { Preflight } from './preflight.js';
import type { Preview } from './preview.js';
import type { TableUse, Way } from './lineage.js';
import type { Runs } from './runs.js';

export type { Caller, Finding };

/**
 * Where a document refers to another resource. A manifest says `connection: warehouse`, the API
 * `connection_id: <uuid>`; everything between the two follows from this table.
 */
export interface ReferenceRule {
  /** The objects that hold the reference: property names, `*` for each item of a list. */
  readonly path: readonly string[];
  /** The property's name in a manifest. */
  readonly name: string;
  /** The property's name in the API. */
  readonly wire: string;
  /** Which kind is referred to. */
  readonly kind: string;
  /** The property is a list of references. */
  readonly list?: true;
  /** A text that is a UUID is an id, and no key: the API's own way, under a name that is the manifest's, too. */
  readonly plainIds?: true;
  /** How rows go by it; absent where it says nothing of rows. */
  readonly way?: Way;
}

/**
 * What has to be there before an object, beside what it refers to: an object of `kind` that has the same in the fields
 * `same`, and that the list `list` names by its field `as`. Deletes go the other way round.
 */
export interface After {
  readonly kind: string;
  readonly same: readonly string[];
  readonly list: string;
  readonly as: string;
}

/** How documents of a kind are compared, and who owns which field. Paths are as in `ReferenceRule`. */
export interface Shape {
  /** Lists whose items are told apart by a property: order does not count. */
  readonly keyed: readonly { readonly path: readonly string[]; readonly key: string }[];
  /** Lists of scalars or objects whose order does not count. */
  readonly sets: readonly (readonly string[])[];
  /** Values that absence stands for. */
  readonly defaults: readonly { readonly path: readonly string[]; readonly value: string | boolean }[];
  /** Free maps: the manifest where it speaks, live where it is silent. */
  readonly freeMaps: readonly (readonly string[])[];
  /** Fields without a documented default: live where the manifest is silent, so that nothing is lost. */
  readonly liveWhenSilent: readonly (readonly string[])[];
  /** Fields that the server decides where the manifest is silent: neither compared nor sent. */
  readonly serverWhenSilent: readonly (readonly string[])[];
  /** Fields that an answer never holds: compared with what was last applied. */
  readonly writeOnly: readonly (readonly string[])[];
  /** Instructions to one request: sent, and never a difference. */
  readonly instructions: readonly (readonly string[])[];
  /** Any JSON, in which an empty text or list is a value of its own. */
  readonly literal: readonly (readonly string[])[];
}

/** A live object in the manifest's own terms, ids of references left as they are. */
export interface Normalised {
  readonly document: JsonObject;
  /** Pointers of values that the API masks: no document, and so no request, can hold a mask. */
  readonly masked: readonly string[];
  /** Pointers of secrets that no answer holds, and that are there by all signs. */
  readonly unseen?: readonly string[];
}

/** A part of a document that the schema of a connection type describes. */
export interface Typed {
  readonly type: string;
  readonly path: readonly string[];
  /** The types of the field at a path of the document, where they are known without the schema. */
  readonly typesAt: (path: readonly string[]) => readonly JsonType[] | undefined;
}

/** Objects at one path of an answer and of a manifest alike. */
export interface Level {
  readonly path: readonly string[];
  /** What the server makes: in answers, never in a request. */
  readonly server: readonly string[];
}

/** A manifest and what lives, as an edit of the manifest compares them. */
export interface Writings {
  /** The form of comparison: the manifest alone, with its overlays, and what lives. */
  readonly base: JsonObject;
  readonly overlaid: JsonObject;
  readonly live: JsonObject;
  /** The manifest as a plan knows it. */
  readonly desired: ValueObject;
  /** The manifest that the live object would get, in short forms and spelled out. */
  readonly written: ValueObject;
  readonly long: ValueObject;
}

/** Older ways of writing fields. They are taken; documents inside hold the newer ones alone. Pure, but for `rewrite`. */
export interface OlderForms {
  /** Whether a document has something in a form that `fmt --upgrade` writes anew. */
  readonly isOlder: (document: ValueObject) => boolean;
  /** Moves a manifest in its syntax tree to the newer form; gives why it was left as it is, or undefined. */
  readonly rewrite: (map: YAMLMap, manifest: ValueObject) => string | undefined;
  /** The document in the newer form; one that is stays as it is. */
  readonly upgrade: (document: ValueObject) => ValueObject;
  /** What the newer form does not show any more: `document` is as it is written, but for short forms. */
  readonly check: (document: ValueObject) => readonly Finding[];
  /** Where the value at a path of a document as it is written stands in the newer form. */
  readonly upgradePaths: (document: ValueObject, path: readonly string[]) => readonly (readonly string[])[];
  /** Where a manifest has what stands at a path of the newer form. */
  readonly writtenPath: (manifest: ValueObject, path: readonly string[]) => readonly string[];
  /** All in the form that a manifest has, as far as that can say what lives. */
  readonly writtenLike: (manifest: ValueObject, writings: Writings) => Writings;
}

/** A request that changes something. In its path `{id}` and the like stand for what tells the object (endpoints.ts). */
export interface Endpoint {
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  /** The body is a list of one, below this name. */
  readonly list?: string;
  /** Sent as it is, by what needs no document: the request that takes away what cannot be deleted. */
  readonly body?: JsonObject;
  /** All that is answered is the id of another object, which stands for this one somewhere else. */
  readonly answers?: 'id';
  /** The field that tells the organization in which it is sent. Absent: that of the run. */
  readonly inside?: string;
}

/** Where the objects of a kind are, in one version. */
export interface Endpoints {
  /**
   * Where all of them are: `pages` is a list page by page, `alone` the only object that there is. Absent: the API lists
   * them nowhere, and each that somebody speaks of is read by itself.
   */
  readonly list?: { readonly path: string; readonly is: 'pages' | 'alone' };
  /** What a list holds: whole objects, or summaries whose details are read where a plan compares them. */
  readonly lists: 'whole' | 'summaries';
  /** Where one is read. */
  readonly one: string;
  /**
   * One is an item of a list in that answer, or of a list that is all of it: the one of which `by` is the object's field
   * `is`. Its own id, where it has one, is `{own_id}` in addresses.
   */
  readonly within?: {
    readonly list?: string;
    readonly by: string;
    readonly is: string;
    /** Items with these values are none of the kind. */
    readonly unless: JsonObject;
  };
  /** Absent: nobody can make one. */
  readonly create?: Endpoint;
  /** Absent: one that lives can be changed by its parts alone. */
  readonly update?: Endpoint;
  /** Absent: one that lives stays; see `Kind.stays`. */
  readonly remove?: Endpoint;
  /** Query parameters of create and update, e.g. `async` for models. */
  readonly query?: Readonly<Record<string, string>>;
  /** An answer is the object itself, without an envelope. */
  readonly bare?: true;
}

/** What the objects of a kind are known by, beside their ids. */
export interface Identity {
  /** Fields in the API's names: `name`, `email`, a pair of ids. None: an organization has one object alone. */
  readonly fields: readonly string[];
  /** Whether two live objects cannot be known by the same. */
  readonly unique: boolean;
  /** Upper and lower case are the same. */
  readonly caseless?: true;
  /** The API gives no ids: the fields make one. */
  readonly idless?: true;
}

/** One request of a part, in the order in which they are sent. The path is as in `Endpoint`, of the object. */
export interface PartRequest {
  readonly method: Endpoint['method'];
  readonly path: string;
  readonly body?: Json;
}

/** How a part comes into a live object, below the part's name. */
export interface PartRead {
  readonly path: string;
  readonly is: 'object' | 'list';
  readonly query?: Readonly<Record<string, string>>;
  /** Items of which the list holds summaries: those that `wants` picks are read one by one, with `{item}` for the id. */
  readonly items?: {
    readonly path: string;
    /** `spoken` are documents: the manifest's, and the last that was applied. Not asked where everything is read. */
    readonly wants: (item: JsonObject, spoken: readonly ValueObject[]) => boolean;
  };
  /** Statuses beside 404 of an object that does not have it, or of an organization that may not. */
  readonly refused?: readonly number[];
  /** A change of the part moves the object's `updated_at`: it is kept among the details, and not read again before. */
  readonly dated?: true;
}

/**
 * A part of an object that is no part of an update's body: it has requests of its own, which follow that of the object.
 * It is read where somebody speaks of it.
 */
export interface Part {
  /** The field of a document, and of a live object, that holds it. */
  readonly name: string;
  /** Whether a version has it. */
  readonly isIn: (dialect: Dialect) => boolean;
  /** Absent: the answer of the object itself holds it. */
  readonly read?: PartRead;
  /**
   * The body of a create takes it along, or that of each write: requests are sent where it is all that changes, and
   * where the answer of the write shows that something is left. Default: no body does.
   */
  readonly inBody?: 'create' | 'write';
  /** What of it the body of a create takes along where that is not all: the requests follow all the same. */
  readonly ofCreate?: (held: Value) => Value;
  /** The object's fields, in the API's names, of which it says more: with others there, nothing is known of it. */
  readonly hangsOn?: readonly string[];
  /** What a new object has there has to be read before the first requests. Default: it is taken for nothing. */
  readonly startsFilled?: true;
  /**
   * The requests that make the live part what is desired, none where it is already. `desired` is in the API's names,
   * secrets in clear; `live` is undefined where it is not known, and nothing there. Pure.
   */
  readonly requests: (desired: Json, live: Json | undefined, dialect: Dialect) => readonly PartRequest[];
}

/** A part of a live object that the API says it cannot find any more. */
export interface LiveProblem {
  /** As the API names it; empty where it does not. */
  readonly path: string;
  readonly message: string;
}

/** A field by another name. */
export interface Alias {
  readonly path: readonly string[];
  readonly alias: string;
  readonly name: string;
}

export interface Kind {
  /** As `kind:` in a manifest, e.g. `Connection`. */
  readonly name: string;
  /** The JSON Schema of its manifests. */
  readonly schema: { readonly properties: object };
  /** What people call one, and several: `bulk sync`, `bulk syncs`. */
  readonly noun: { readonly one: string; readonly many: string };
  /** Where its objects are; undefined where a version has none. */
  readonly endpoints: (dialect: Dialect) => Endpoints | undefined;
  readonly identity: Identity;
  /**
   * Whether each plan reads its list, or only that of a repository which speaks of the kind: a key need not have the
   * right to see the rest.
   */
  readonly read: 'always' | 'used';
  /** Whether Polytomic keeps this live object itself: it can be referred to, and is never changed or deleted. */
  readonly isSystem?: (live: JsonObject) => boolean;
  /** Whether this live object, which is always there, says nothing: an export writes no manifest of it. */
  readonly isUnset?: (live: JsonObject) => boolean;
  /** Why a live object stays when its manifest is gone: it cannot be deleted. Absent: it is deleted. */
  readonly stays?: string;
  /** Belongs to the account of a partner: managed in the partner's own organization alone, which its list has first. */
  readonly ofAccount?: true;
  /** The bodies of a key of many name the organization, beside the credential (api-notes.md). */
  readonly namesOrganization?: true;
  /** As with `lifecycle.prevent_destroy`: it goes only where a `Removed` asks for it. */
  readonly isProtected?: true;
  /** The API deletes an object that others refer to, and leaves their references where they are. */
  readonly leavesReferences?: true;
  /** What else an action does, which a plan says: a create of a user sends an invitation. */
  readonly consequences?: Readonly<Partial<Record<'create' | 'delete', string>>>;
  /** Why this live object must not be deleted by whoever calls. */
  readonly spares?: (live: JsonObject, caller: Caller) => string | undefined;
  readonly references: readonly ReferenceRule[];
  /** What comes first that no reference names. Absent: nothing. */
  readonly after?: readonly After[];
  readonly shape: Shape;
  /** Fields that cannot change in place. */
  readonly immutable: readonly (readonly string[])[];
  /** Where a manifest may say `${secret:NAME}`: the API keeps these fields to itself. */
  readonly secretPaths: readonly (readonly string[])[];
  /** The objects of a document that hold more than this version may know. */
  readonly levels: readonly Level[];
  /**
   * The field of a body that names the connection whose schemas have to be cached before one can be made: they are
   * waited for by their status. Absent: nothing is waited for.
   */
  readonly needsSchemasOf?: string;
  /** How its runs are followed; absent where it is no thing that runs. */
  readonly runs?: Runs;
  /** The tables that a document reads and writes; absent where it does neither. Pure. */
  readonly tables?: (document: ValueObject) => readonly TableUse[];
  /** The summary of a list in the form of a whole object, as far as it tells what that refers to. Pure. */
  readonly outline?: (summary: JsonObject) => JsonObject;
  /** What has requests of its own, in the order in which it is written. */
  readonly parts: readonly Part[];
  /** Older ways of writing its fields; absent where there are none. */
  readonly olderForms?: OlderForms;
  /** Other names of fields, which a manifest may use: `path` leads to the objects that hold them. */
  readonly aliases: readonly Alias[];
  /** Spells out the short forms, in the newer form of what has an older one. `document` has passed the schema. Pure. */
  readonly expand: (document: ValueObject) => ValueObject;
  /** Writes the short forms, and leaves out what says nothing: the other way round of `expand`. Pure. */
  readonly collapse: (document: ValueObject) => ValueObject;
  /** Why no tool could create this live object, or undefined where one could. Pure. */
  readonly madeElsewhere: (live: JsonObject) => string | undefined;
  /** What an answer says that it cannot find any more. Pure. */
  readonly problems: (live: JsonObject) => readonly LiveProblem[];
  /** What lives beside what a document names, and stays as it is: a sentence that a plan says with a change. Pure. */
  readonly beside?: (document: ValueObject, live: JsonObject) => string | undefined;
  /**
   * What a change does to the data, in sentences that a plan says below it: both in the form of comparison, undefined
   * where there is none. Absent: nothing is to be said. Pure.
   */
  readonly effects?: (before: ValueObject | undefined, after: ValueObject | undefined) => readonly string[];
  /** How the columns of what does not live yet are asked for; absent where it has none. */
  readonly preview?: Preview;
  /** Columns whose values a document wants nobody to see, wherever they come from. Absent: none. Pure. */
  readonly hides?: (document: ValueObject) => readonly string[];
  /** The columns that a document moves; absent where it moves none. Pure. */
  readonly columns?: (document: ValueObject) => readonly MovedColumn[];
  /** Sentences about what an answer does not show of this live object. Pure. */
  readonly hidden: (live: JsonObject) => readonly string[];
  /** What a schema cannot say. `document` is spelled out. Pure. */
  readonly check: (document: ValueObject) => readonly Finding[];
  /** The pointers of plain values that are secret all the same. */
  readonly sensitive: (document: ValueObject) => readonly string[];
  /** An object of the API in the manifest's terms: server-made fields dropped, masks told apart. Pure. */
  readonly fromLive: (live: JsonObject) => Normalised;
  /**
   * Makes the desired document and the live one agree on what only the kind knows; `applied` is the document that was
   * last applied, where there is one. Pure.
   */
  readonly complete: (
    desired: ValueObject,
    live: JsonObject | undefined,
    applied: JsonObject | undefined,
  ) => ValueObject;
  /** A difference-free form of fields that can be written in several ways. Pure. */
  readonly canonical: (document: JsonObject) => JsonObject;
  /**
   * The document as a version is sent it, in place of `live` where that is there; absent where all are sent the same.
   * Throws `DiagnosticError` where the version cannot be told it.
   */
  readonly toWire?: (document: ValueObject, dialect: Dialect, live: JsonObject | undefined) => ValueObject;
  /** What can be checked against the systems that live, before anything is applied. */
  readonly preflight: Preflight;
  /**
   * Whether the API keeps the value at a path of a document to itself, among `secretPaths`; undefined where the type
   * is not known. Absent: it keeps everything there.
   */
  readonly keepsSecret?: (document: JsonObject, path: readonly string[]) => boolean | undefined;
  /**
   * The connection type whose schema says what stands below `path`, for a live object or for a document. Absent
   * where no type says anything.
   */
  readonly typed?: (live: JsonObject) => Typed | undefined;
}
