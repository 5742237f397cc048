// Generated from schemas/ by `npm run generate`. Edit the schema instead.

/**
 * The name of the template in this repository, by which instances name it.
 */
export type Key = string;
export type Type = 'string' | 'integer' | 'number' | 'boolean' | 'object' | 'array' | 'null';

/**
 * Resources with parameters: each instance of a document of kind Instances makes them once.
 */
export interface Template {
  /**
   * The kind of this document.
   */
  kind: 'Template';
  key: Key;
  /**
   * What it is for, for those who use it.
   */
  description?: string;
  /**
   * What instances give, by name: a JSON Schema each, with a default where it need not be given. ${param.NAME} in a value below stands for it.
   */
  parameters?: {
    [k: string]: Parameter | undefined;
  };
  /**
   * The parameters that an instance's own key is made of where it is not given: their values, joined by a hyphen. ${param.key} stands for it.
   *
   * @minItems 1
   */
  key_from?: [string, ...string[]];
  /**
   * The manifests that each instance makes. Another document of kind Instances may stand among them.
   *
   * @minItems 1
   */
  resources: [ResourceOfATemplate, ...ResourceOfATemplate[]];
}
/**
 * The JSON Schema of a parameter.
 */
export interface Parameter {
  /**
   * What it is: a JSON type, or several.
   */
  type?: Type | [Type, ...Type[]];
  /**
   * What it means, shown by editors.
   */
  description?: string;
  /**
   * Its value where an instance gives none; null leaves out the field that is it.
   */
  default?: {
    [k: string]: unknown | undefined;
  };
  /**
   * The values that it may have.
   *
   * @minItems 1
   */
  enum?: [unknown, ...unknown[]];
  /**
   * A regular expression that text has to match.
   */
  pattern?: string;
  /**
   * The fewest characters.
   */
  minLength?: number;
  /**
   * The most characters.
   */
  maxLength?: number;
  /**
   * The least number.
   */
  minimum?: number;
  /**
   * The greatest number.
   */
  maximum?: number;
  [k: string]: unknown | undefined;
}
/**
 * A manifest, with ${param.NAME} in its values.
 */
export interface ResourceOfATemplate {
  /**
   * The kind of the resource.
   */
  kind: string;
  [k: string]: unknown | undefined;
}
