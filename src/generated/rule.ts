// Generated from schemas/ by `npm run generate`. Edit the schema instead.

/**
 * What findings and exceptions call it, in kebab case.
 */
export type RuleName = string;
/**
 * Resources of this kind, or of one of these.
 *
 * @minItems 1
 */
export type Words = string | [string, ...string[]];
/**
 * Only in this environment of the configuration file, or in one of these.
 *
 * @minItems 1
 */
export type Words1 = string | [string, ...string[]];
/**
 * Resources whose manifests lie in this folder, or in one of these, or below it.
 *
 * @minItems 1
 */
export type Words2 = string | [string, ...string[]];
export type RuleAction = 'create' | 'update' | 'replace' | 'delete' | 'adopt' | 'move' | 'forget';
/**
 * What a manifest has to fit, after defaults, overlays and short forms.
 */
export type JsonSchema =
  | boolean
  | {
      $schema?: string;
      $comment?: string;
      $defs?: JsonSchemaTable;
      /**
       * Another schema of this one: #/$defs/NAME, or # for the whole.
       */
      $ref?: string;
      title?: string;
      description?: string;
      default?: unknown;
      examples?: unknown;
      deprecated?: boolean;
      /**
       * The type, or the types, that it may have.
       *
       * @minItems 1
       */
      type?: string | [TypeName, ...TypeName[]];
      /**
       * One of these values.
       */
      enum?: unknown[];
      /**
       * This value.
       */
      const?: {
        [k: string]: unknown | undefined;
      };
      minimum?: number;
      maximum?: number;
      exclusiveMinimum?: number;
      exclusiveMaximum?: number;
      multipleOf?: number;
      minLength?: Count;
      maxLength?: Count;
      pattern?: Pattern;
      items?: JsonSchema2;
      prefixItems?: JsonSchemas;
      contains?: JsonSchema3;
      minContains?: Count;
      maxContains?: Count;
      minItems?: Count;
      maxItems?: Count;
      uniqueItems?: boolean;
      properties?: JsonSchemaTable1;
      /**
       * What fields fit whose names fit a regular expression.
       */
      patternProperties?: {
        [k: string]: JsonSchema1 | undefined;
      };
      additionalProperties?: JsonSchema4;
      propertyNames?: JsonSchema5;
      required?: Names;
      dependentRequired?: {
        [k: string]: Names1 | undefined;
      };
      dependentSchemas?: JsonSchemaTable2;
      minProperties?: Count;
      maxProperties?: Count;
      allOf?: JsonSchemas1;
      anyOf?: JsonSchemas2;
      oneOf?: JsonSchemas3;
      not?: JsonSchema6;
      if?: JsonSchema7;
      then?: JsonSchema1;
      else?: JsonSchema1;
    };
/**
 * A JSON Schema of draft 2020-12. Patterns are those of RE2; references lead to its own $defs.
 */
export type JsonSchema1 =
  | boolean
  | {
      $schema?: string;
      $comment?: string;
      $defs?: JsonSchemaTable;
      /**
       * Another schema of this one: #/$defs/NAME, or # for the whole.
       */
      $ref?: string;
      title?: string;
      description?: string;
      default?: unknown;
      examples?: unknown;
      deprecated?: boolean;
      /**
       * The type, or the types, that it may have.
       *
       * @minItems 1
       */
      type?: string | [TypeName, ...TypeName[]];
      /**
       * One of these values.
       */
      enum?: unknown[];
      /**
       * This value.
       */
      const?: {
        [k: string]: unknown | undefined;
      };
      minimum?: number;
      maximum?: number;
      exclusiveMinimum?: number;
      exclusiveMaximum?: number;
      multipleOf?: number;
      minLength?: Count;
      maxLength?: Count;
      pattern?: Pattern;
      items?: JsonSchema2;
      prefixItems?: JsonSchemas;
      contains?: JsonSchema3;
      minContains?: Count;
      maxContains?: Count;
      minItems?: Count;
      maxItems?: Count;
      uniqueItems?: boolean;
      properties?: JsonSchemaTable1;
      /**
       * What fields fit whose names fit a regular expression.
       */
      patternProperties?: {
        [k: string]: JsonSchema1 | undefined;
      };
      additionalProperties?: JsonSchema4;
      propertyNames?: JsonSchema5;
      required?: Names;
      dependentRequired?: {
        [k: string]: Names1 | undefined;
      };
      dependentSchemas?: JsonSchemaTable2;
      minProperties?: Count;
      maxProperties?: Count;
      allOf?: JsonSchemas1;
      anyOf?: JsonSchemas2;
      oneOf?: JsonSchemas3;
      not?: JsonSchema6;
      if?: JsonSchema7;
      then?: JsonSchema1;
      else?: JsonSchema1;
    };
export type TypeName = 'string' | 'number' | 'integer' | 'boolean' | 'object' | 'array' | 'null';
export type Count = number;
/**
 * A regular expression of RE2 that a part of the text fits.
 */
export type Pattern = string;
/**
 * What each item fits.
 */
export type JsonSchema2 =
  | boolean
  | {
      $schema?: string;
      $comment?: string;
      $defs?: JsonSchemaTable;
      /**
       * Another schema of this one: #/$defs/NAME, or # for the whole.
       */
      $ref?: string;
      title?: string;
      description?: string;
      default?: unknown;
      examples?: unknown;
      deprecated?: boolean;
      /**
       * The type, or the types, that it may have.
       *
       * @minItems 1
       */
      type?: string | [TypeName, ...TypeName[]];
      /**
       * One of these values.
       */
      enum?: unknown[];
      /**
       * This value.
       */
      const?: {
        [k: string]: unknown | undefined;
      };
      minimum?: number;
      maximum?: number;
      exclusiveMinimum?: number;
      exclusiveMaximum?: number;
      multipleOf?: number;
      minLength?: Count;
      maxLength?: Count;
      pattern?: Pattern;
      items?: JsonSchema2;
      prefixItems?: JsonSchemas;
      contains?: JsonSchema3;
      minContains?: Count;
      maxContains?: Count;
      minItems?: Count;
      maxItems?: Count;
      uniqueItems?: boolean;
      properties?: JsonSchemaTable1;
      /**
       * What fields fit whose names fit a regular expression.
       */
      patternProperties?: {
        [k: string]: JsonSchema1 | undefined;
      };
      additionalProperties?: JsonSchema4;
      propertyNames?: JsonSchema5;
      required?: Names;
      dependentRequired?: {
        [k: string]: Names1 | undefined;
      };
      dependentSchemas?: JsonSchemaTable2;
      minProperties?: Count;
      maxProperties?: Count;
      allOf?: JsonSchemas1;
      anyOf?: JsonSchemas2;
      oneOf?: JsonSchemas3;
      not?: JsonSchema6;
      if?: JsonSchema7;
      then?: JsonSchema1;
      else?: JsonSchema1;
    };
/**
 * What the first items fit.
 *
 * @minItems 1
 */
export type JsonSchemas = [JsonSchema1, ...JsonSchema1[]];
/**
 * A JSON Schema of draft 2020-12. Patterns are those of RE2; references lead to its own $defs.
 */
export type JsonSchema3 =
  | boolean
  | {
      $schema?: string;
      $comment?: string;
      $defs?: JsonSchemaTable;
      /**
       * Another schema of this one: #/$defs/NAME, or # for the whole.
       */
      $ref?: string;
      title?: string;
      description?: string;
      default?: unknown;
      examples?: unknown;
      deprecated?: boolean;
      /**
       * The type, or the types, that it may have.
       *
       * @minItems 1
       */
      type?: string | [TypeName, ...TypeName[]];
      /**
       * One of these values.
       */
      enum?: unknown[];
      /**
       * This value.
       */
      const?: {
        [k: string]: unknown | undefined;
      };
      minimum?: number;
      maximum?: number;
      exclusiveMinimum?: number;
      exclusiveMaximum?: number;
      multipleOf?: number;
      minLength?: Count;
      maxLength?: Count;
      pattern?: Pattern;
      items?: JsonSchema2;
      prefixItems?: JsonSchemas;
      contains?: JsonSchema3;
      minContains?: Count;
      maxContains?: Count;
      minItems?: Count;
      maxItems?: Count;
      uniqueItems?: boolean;
      properties?: JsonSchemaTable1;
      /**
       * What fields fit whose names fit a regular expression.
       */
      patternProperties?: {
        [k: string]: JsonSchema1 | undefined;
      };
      additionalProperties?: JsonSchema4;
      propertyNames?: JsonSchema5;
      required?: Names;
      dependentRequired?: {
        [k: string]: Names1 | undefined;
      };
      dependentSchemas?: JsonSchemaTable2;
      minProperties?: Count;
      maxProperties?: Count;
      allOf?: JsonSchemas1;
      anyOf?: JsonSchemas2;
      oneOf?: JsonSchemas3;
      not?: JsonSchema6;
      if?: JsonSchema7;
      then?: JsonSchema1;
      else?: JsonSchema1;
    };
/**
 * A JSON Schema of draft 2020-12. Patterns are those of RE2; references lead to its own $defs.
 */
export type JsonSchema4 =
  | boolean
  | {
      $schema?: string;
      $comment?: string;
      $defs?: JsonSchemaTable;
      /**
       * Another schema of this one: #/$defs/NAME, or # for the whole.
       */
      $ref?: string;
      title?: string;
      description?: string;
      default?: unknown;
      examples?: unknown;
      deprecated?: boolean;
      /**
       * The type, or the types, that it may have.
       *
       * @minItems 1
       */
      type?: string | [TypeName, ...TypeName[]];
      /**
       * One of these values.
       */
      enum?: unknown[];
      /**
       * This value.
       */
      const?: {
        [k: string]: unknown | undefined;
      };
      minimum?: number;
      maximum?: number;
      exclusiveMinimum?: number;
      exclusiveMaximum?: number;
      multipleOf?: number;
      minLength?: Count;
      maxLength?: Count;
      pattern?: Pattern;
      items?: JsonSchema2;
      prefixItems?: JsonSchemas;
      contains?: JsonSchema3;
      minContains?: Count;
      maxContains?: Count;
      minItems?: Count;
      maxItems?: Count;
      uniqueItems?: boolean;
      properties?: JsonSchemaTable1;
      /**
       * What fields fit whose names fit a regular expression.
       */
      patternProperties?: {
        [k: string]: JsonSchema1 | undefined;
      };
      additionalProperties?: JsonSchema4;
      propertyNames?: JsonSchema5;
      required?: Names;
      dependentRequired?: {
        [k: string]: Names1 | undefined;
      };
      dependentSchemas?: JsonSchemaTable2;
      minProperties?: Count;
      maxProperties?: Count;
      allOf?: JsonSchemas1;
      anyOf?: JsonSchemas2;
      oneOf?: JsonSchemas3;
      not?: JsonSchema6;
      if?: JsonSchema7;
      then?: JsonSchema1;
      else?: JsonSchema1;
    };
/**
 * A JSON Schema of draft 2020-12. Patterns are those of RE2; references lead to its own $defs.
 */
export type JsonSchema5 =
  | boolean
  | {
      $schema?: string;
      $comment?: string;
      $defs?: JsonSchemaTable;
      /**
       * Another schema of this one: #/$defs/NAME, or # for the whole.
       */
      $ref?: string;
      title?: string;
      description?: string;
      default?: unknown;
      examples?: unknown;
      deprecated?: boolean;
      /**
       * The type, or the types, that it may have.
       *
       * @minItems 1
       */
      type?: string | [TypeName, ...TypeName[]];
      /**
       * One of these values.
       */
      enum?: unknown[];
      /**
       * This value.
       */
      const?: {
        [k: string]: unknown | undefined;
      };
      minimum?: number;
      maximum?: number;
      exclusiveMinimum?: number;
      exclusiveMaximum?: number;
      multipleOf?: number;
      minLength?: Count;
      maxLength?: Count;
      pattern?: Pattern;
      items?: JsonSchema2;
      prefixItems?: JsonSchemas;
      contains?: JsonSchema3;
      minContains?: Count;
      maxContains?: Count;
      minItems?: Count;
      maxItems?: Count;
      uniqueItems?: boolean;
      properties?: JsonSchemaTable1;
      /**
       * What fields fit whose names fit a regular expression.
       */
      patternProperties?: {
        [k: string]: JsonSchema1 | undefined;
      };
      additionalProperties?: JsonSchema4;
      propertyNames?: JsonSchema5;
      required?: Names;
      dependentRequired?: {
        [k: string]: Names1 | undefined;
      };
      dependentSchemas?: JsonSchemaTable2;
      minProperties?: Count;
      maxProperties?: Count;
      allOf?: JsonSchemas1;
      anyOf?: JsonSchemas2;
      oneOf?: JsonSchemas3;
      not?: JsonSchema6;
      if?: JsonSchema7;
      then?: JsonSchema1;
      else?: JsonSchema1;
    };
/**
 * Fields that have to be there.
 */
export type Names = string[];
export type Names1 = string[];
/**
 * It fits all of these.
 *
 * @minItems 1
 */
export type JsonSchemas1 = [JsonSchema1, ...JsonSchema1[]];
/**
 * It fits one of these, or several.
 *
 * @minItems 1
 */
export type JsonSchemas2 = [JsonSchema1, ...JsonSchema1[]];
/**
 * It fits exactly one of these.
 *
 * @minItems 1
 */
export type JsonSchemas3 = [JsonSchema1, ...JsonSchema1[]];
/**
 * A JSON Schema of draft 2020-12. Patterns are those of RE2; references lead to its own $defs.
 */
export type JsonSchema6 =
  | boolean
  | {
      $schema?: string;
      $comment?: string;
      $defs?: JsonSchemaTable;
      /**
       * Another schema of this one: #/$defs/NAME, or # for the whole.
       */
      $ref?: string;
      title?: string;
      description?: string;
      default?: unknown;
      examples?: unknown;
      deprecated?: boolean;
      /**
       * The type, or the types, that it may have.
       *
       * @minItems 1
       */
      type?: string | [TypeName, ...TypeName[]];
      /**
       * One of these values.
       */
      enum?: unknown[];
      /**
       * This value.
       */
      const?: {
        [k: string]: unknown | undefined;
      };
      minimum?: number;
      maximum?: number;
      exclusiveMinimum?: number;
      exclusiveMaximum?: number;
      multipleOf?: number;
      minLength?: Count;
      maxLength?: Count;
      pattern?: Pattern;
      items?: JsonSchema2;
      prefixItems?: JsonSchemas;
      contains?: JsonSchema3;
      minContains?: Count;
      maxContains?: Count;
      minItems?: Count;
      maxItems?: Count;
      uniqueItems?: boolean;
      properties?: JsonSchemaTable1;
      /**
       * What fields fit whose names fit a regular expression.
       */
      patternProperties?: {
        [k: string]: JsonSchema1 | undefined;
      };
      additionalProperties?: JsonSchema4;
      propertyNames?: JsonSchema5;
      required?: Names;
      dependentRequired?: {
        [k: string]: Names1 | undefined;
      };
      dependentSchemas?: JsonSchemaTable2;
      minProperties?: Count;
      maxProperties?: Count;
      allOf?: JsonSchemas1;
      anyOf?: JsonSchemas2;
      oneOf?: JsonSchemas3;
      not?: JsonSchema6;
      if?: JsonSchema7;
      then?: JsonSchema1;
      else?: JsonSchema1;
    };
/**
 * A JSON Schema of draft 2020-12. Patterns are those of RE2; references lead to its own $defs.
 */
export type JsonSchema7 =
  | boolean
  | {
      $schema?: string;
      $comment?: string;
      $defs?: JsonSchemaTable;
      /**
       * Another schema of this one: #/$defs/NAME, or # for the whole.
       */
      $ref?: string;
      title?: string;
      description?: string;
      default?: unknown;
      examples?: unknown;
      deprecated?: boolean;
      /**
       * The type, or the types, that it may have.
       *
       * @minItems 1
       */
      type?: string | [TypeName, ...TypeName[]];
      /**
       * One of these values.
       */
      enum?: unknown[];
      /**
       * This value.
       */
      const?: {
        [k: string]: unknown | undefined;
      };
      minimum?: number;
      maximum?: number;
      exclusiveMinimum?: number;
      exclusiveMaximum?: number;
      multipleOf?: number;
      minLength?: Count;
      maxLength?: Count;
      pattern?: Pattern;
      items?: JsonSchema2;
      prefixItems?: JsonSchemas;
      contains?: JsonSchema3;
      minContains?: Count;
      maxContains?: Count;
      minItems?: Count;
      maxItems?: Count;
      uniqueItems?: boolean;
      properties?: JsonSchemaTable1;
      /**
       * What fields fit whose names fit a regular expression.
       */
      patternProperties?: {
        [k: string]: JsonSchema1 | undefined;
      };
      additionalProperties?: JsonSchema4;
      propertyNames?: JsonSchema5;
      required?: Names;
      dependentRequired?: {
        [k: string]: Names1 | undefined;
      };
      dependentSchemas?: JsonSchemaTable2;
      minProperties?: Count;
      maxProperties?: Count;
      allOf?: JsonSchemas1;
      anyOf?: JsonSchemas2;
      oneOf?: JsonSchemas3;
      not?: JsonSchema6;
      if?: JsonSchema7;
      then?: JsonSchema1;
      else?: JsonSchema1;
    };
/**
 * A JSON Schema of draft 2020-12. Patterns are those of RE2; references lead to its own $defs.
 */
export type JsonSchema8 =
  | boolean
  | {
      $schema?: string;
      $comment?: string;
      $defs?: JsonSchemaTable;
      /**
       * Another schema of this one: #/$defs/NAME, or # for the whole.
       */
      $ref?: string;
      title?: string;
      description?: string;
      default?: unknown;
      examples?: unknown;
      deprecated?: boolean;
      /**
       * The type, or the types, that it may have.
       *
       * @minItems 1
       */
      type?: string | [TypeName, ...TypeName[]];
      /**
       * One of these values.
       */
      enum?: unknown[];
      /**
       * This value.
       */
      const?: {
        [k: string]: unknown | undefined;
      };
      minimum?: number;
      maximum?: number;
      exclusiveMinimum?: number;
      exclusiveMaximum?: number;
      multipleOf?: number;
      minLength?: Count;
      maxLength?: Count;
      pattern?: Pattern;
      items?: JsonSchema2;
      prefixItems?: JsonSchemas;
      contains?: JsonSchema3;
      minContains?: Count;
      maxContains?: Count;
      minItems?: Count;
      maxItems?: Count;
      uniqueItems?: boolean;
      properties?: JsonSchemaTable1;
      /**
       * What fields fit whose names fit a regular expression.
       */
      patternProperties?: {
        [k: string]: JsonSchema1 | undefined;
      };
      additionalProperties?: JsonSchema4;
      propertyNames?: JsonSchema5;
      required?: Names;
      dependentRequired?: {
        [k: string]: Names1 | undefined;
      };
      dependentSchemas?: JsonSchemaTable2;
      minProperties?: Count;
      maxProperties?: Count;
      allOf?: JsonSchemas1;
      anyOf?: JsonSchemas2;
      oneOf?: JsonSchemas3;
      not?: JsonSchema6;
      if?: JsonSchema7;
      then?: JsonSchema1;
      else?: JsonSchema1;
    };
/**
 * Of all sorts together.
 */
export type MostChanges = number;
/**
 * Objects that are created.
 */
export type MostChanges1 = number;
/**
 * Objects that are updated.
 */
export type MostChanges2 = number;
/**
 * Objects that are replaced.
 */
export type MostChanges3 = number;
/**
 * Objects that are deleted.
 */
export type MostChanges4 = number;
/**
 * Objects that are adopted.
 */
export type MostChanges5 = number;
/**
 * Objects that get another address.
 */
export type MostChanges6 = number;
/**
 * Objects that are managed no more.
 */
export type MostChanges7 = number;
/**
 * Where more is said of it, an address that begins with https://.
 */
export type Link = string;
/**
 * The last day on which it counts, YYYY-MM-DD in UTC. Absent: it has no end.
 */
export type Day = string;

/**
 * What manifests or plans have to fit. In files of their own, which `rules` of the configuration file names.
 */
export interface Rule {
  /**
   * For editors.
   */
  $schema?: string;
  /**
   * The kind of this document.
   */
  kind: 'Rule';
  name: RuleName;
  /**
   * What it is for, in a sentence or more.
   */
  description?: string;
  match?: Match;
  require: Require;
  /**
   * What a finding says. Absent: what does not fit.
   */
  message?: string;
  /**
   * error (default) stops an apply, and fails the check of a pull request; warning is only told.
   */
  severity?: 'error' | 'warning';
  link?: Link;
  until?: Day;
}
/**
 * What it is about: all of what is said here holds. Absent: everything.
 */
export interface Match {
  kind?: Words;
  /**
   * Resources with these labels, as --selector takes them: team=growth,tier.
   */
  selector?: string;
  environment?: Words1;
  folder?: Words2;
  /**
   * Changes of this sort, or of one of these; for change and approval.
   *
   * @minItems 1
   */
  action?: string | [RuleAction, ...RuleAction[]];
}
/**
 * What has to be so: one of these.
 */
export interface Require {
  resource?: JsonSchema;
  change?: JsonSchema8;
  plan?: Most;
  approval?: NeededApproval;
  obfuscated?: Obfuscated;
}
/**
 * Schemas for $ref.
 */
export interface JsonSchemaTable {
  [k: string]: JsonSchema1 | undefined;
}
/**
 * What fields fit, where they are there.
 */
export interface JsonSchemaTable1 {
  [k: string]: JsonSchema1 | undefined;
}
export interface JsonSchemaTable2 {
  [k: string]: JsonSchema1 | undefined;
}
/**
 * How many changes a plan may have at the most, of those that match.
 */
export interface Most {
  changes?: MostChanges;
  creates?: MostChanges1;
  updates?: MostChanges2;
  replaces?: MostChanges3;
  deletes?: MostChanges4;
  adopts?: MostChanges5;
  moves?: MostChanges6;
  forgets?: MostChanges7;
}
/**
 * What has to be there on the pull request of a change. Both, where both are said.
 */
export interface NeededApproval {
  /**
   * The pull request has this label.
   */
  label?: string;
  /**
   * true: one of the owners of what changes has approved the pull request. What has no owner needs nobody.
   */
  owners?: true;
}
/**
 * Columns that leave their source obfuscated or encrypted, or not at all.
 */
export interface Obfuscated {
  /**
   * Names of columns, in any case: email, *phone*, public.users.ssn. * stands for anything.
   *
   * @minItems 1
   * @maxItems 1000
   */
  columns?: [string, ...string[]];
  /**
   * A label of models and connections whose value names columns of theirs, with spaces between.
   */
  label?: string;
}
