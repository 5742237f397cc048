/** What a kind of resource says of itself. All that is special to one kind stands in its own file. */
import type { YAMLMap } from 'yaml';
import type { Dialect } from '../api/dialect.js';
import type { JsonType } from '../api/type-schema.js';
import type { JsonObject } from '../core/json.js';
import type { ValueObject } from '../core/secret.js';
import type { Finding } from './finding.js';
import type { Preflight } from './preflight.js';

export type { Finding };

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

/**
 * A part of an object that the API keeps at an address of its own. It is no part of a body: a PUT of its own changes
 * what it names of it, and leaves the rest.
 */
export interface Settings {
  /** The field of a document that holds it. */
  readonly name: string;
  /** Below the address of the object. */
  readonly path: string;
  /** Whether a version has it. */
  readonly isIn: (dialect: Dialect) => boolean;
  /** Statuses beside 404 of an object that does not have it, or of an organization that may not. */
  readonly refused?: readonly number[];
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
  /** Path of its collection, e.g. `/api/connections`. */
  readonly collection: string;
  /** Whether two live objects cannot bear one name. */
  readonly uniqueNames: boolean;
  readonly references: readonly ReferenceRule[];
  readonly shape: Shape;
  /** Fields that cannot change in place. */
  readonly immutable: readonly (readonly string[])[];
  /** Where a manifest may say `${secret:NAME}`: the API keeps these fields to itself. */
  readonly secretPaths: readonly (readonly string[])[];
  /** The objects of a document that hold more than this version may know. */
  readonly levels: readonly Level[];
  /** Parts at addresses of their own: read where somebody speaks of them, written after the object. */
  readonly settings: readonly Settings[];
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
  /** Sentences about what an answer does not show of this live object. Pure. */
  readonly hidden: (live: JsonObject) => readonly string[];
  /** What a schema cannot say. `document` is spelled out. Pure. */
  readonly check: (document: ValueObject) => readonly Finding[];
  /** The pointers of plain values that are secret all the same. */
  readonly sensitive: (document: ValueObject) => readonly string[];
  /** Whether a list of this kind holds whole objects in this version, so that no details need be read. */
  readonly listsWhole: (dialect: Dialect) => boolean;
  /** An object of the API in the manifest's terms: server-made fields dropped, masks told apart. Pure. */
  readonly fromLive: (live: JsonObject) => Normalised;
  /** Makes the desired document and the live one agree on what only the kind knows. Pure. */
  readonly complete: (desired: ValueObject, live: JsonObject | undefined) => ValueObject;
  /** A difference-free form of fields that can be written in several ways. Pure. */
  readonly canonical: (document: JsonObject) => JsonObject;
  /**
   * The document as a version is sent it, in place of `live` where that is there; absent where all are sent the same.
   * Throws `DiagnosticError` where the version cannot be told it.
   */
  readonly toWire?: (document: ValueObject, dialect: Dialect, live: JsonObject | undefined) => ValueObject;
  /** Query parameters of create and update, e.g. `async` for models. */
  readonly writeQuery: (dialect: Dialect) => Readonly<Record<string, string>>;
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
