/** Templates, their instances, and what these make. */
import type { Diagnostic, Place } from '../../core/diagnostics.js';
import type { Json, JsonObject } from '../../core/json.js';
import type { Patterns } from '../json-schema/patterns.js';
import type { Origin } from '../overlay.js';
import type { ParsedDocument } from '../parse.js';
import type { Statement } from '../statements.js';
import type { Shape } from './shape.js';

export const TEMPLATE = 'Template';
export const INSTANCES = 'Instances';

/** The instance's own key, which every template has as a parameter. */
export const KEY = 'key';

/** How deep templates may use each other: deeper than anybody follows. */
export const MOST_DEEP = 20;

export interface Parameter {
  readonly schema: JsonObject;
  /** Absent: every instance gives it. */
  readonly preset?: Json;
}

export interface Template {
  readonly key: string;
  readonly document: ParsedDocument;
  readonly parameters: ReadonlyMap<string, Parameter>;
  /** Regular expressions of their schemas. */
  readonly patterns: Patterns;
  /** What an instance's key is made of where it gives none. */
  readonly keyFrom: readonly string[];
  readonly resources: readonly Shape[];
  /** False: it has errors, and makes nothing. */
  readonly isSound: boolean;
}

/** One set of parameters. */
export interface Instance {
  readonly key: string;
  readonly template: Template;
  /** All of them: given, by default, and the key. */
  readonly parameters: ReadonlyMap<string, Json>;
  readonly place: Place;
  /** Where a parameter is given; undefined where it is not. */
  readonly placeOf: (parameter: string) => Place | undefined;
  /** The instance of the template that this one is made by. */
  readonly parent?: Instance;
}

/** A manifest that an instance makes. */
export interface Made {
  readonly value: JsonObject;
  readonly instance: Instance;
  /** The resource of the template that it is made of, and its place among them. */
  readonly shape: Shape;
  readonly index: number;
  /** Where the instances are written, whose folder has the defaults. */
  readonly file: string;
}

/** The instance, and those that it is made by, the nearest first. */
export const instancesAround = (instance: Instance | undefined): NonNullable<Diagnostic['related']> =>
  instance === undefined
    ? []
    : [
        { message: `for the instance ${instance.key} of ${instance.template.key}`, place: instance.place },
        ...instancesAround(instance.parent),
      ];

/** An overlay beside instances. */
export interface OwnOverlay {
  readonly value: JsonObject;
  readonly origin: Origin;
  /** Where in the document of `origin` it stands. */
  readonly from: readonly string[];
}

/** All that templates make of a repository. */
export interface Manifests {
  readonly templates: ReadonlyMap<string, Template>;
  readonly manifests: readonly Made[];
  readonly overlays: readonly OwnOverlay[];
  /** What is found until it is asked, `spellOut` included. */
  readonly diagnostics: readonly Diagnostic[];
  /** Statements about instances, as those about each address. */
  readonly spellOut: (statements: readonly Statement[]) => Promise<readonly Statement[]>;
}

/** Of a repository without any. */
export const noTemplates: Manifests = {
  templates: new Map(),
  manifests: [],
  overlays: [],
  diagnostics: [],
  spellOut: async (statements) => Promise.resolve(statements),
};
