/** What this project knows of the API: the sandbox's description of the newest version, and the manifests' schemas. */
import { isJsonObject, type Json, type JsonObject } from '../../src/core/json.js';
import { describe } from '../../src/sandbox/openapi.js';
import { versions } from '../../src/sandbox/versions.js';
import type { Description, Operation } from './description.js';

const contentOf = (holder: Json | undefined): JsonObject | undefined => {
  const content = isJsonObject(holder ?? null) ? (holder as JsonObject)['content'] : undefined;
  const media = isJsonObject(content ?? null) ? (content as JsonObject)['application/json'] : undefined;
  const schema = isJsonObject(media ?? null) ? (media as JsonObject)['schema'] : undefined;
  return isJsonObject(schema ?? null) ? (schema as JsonObject) : undefined;
};

interface Described {
  readonly parameters: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: JsonObject;
  readonly responses: JsonObject;
}

/** Operations of the newest version, and whether the sandbox serves them or says that it does not. */
const allOperations = (): {
  readonly operations: readonly { readonly operation: Operation; readonly isServed: boolean }[];
  readonly types: Description['types'];
} => {
  const newest = versions.at(-1);
  if (newest === undefined) throw new Error('the sandbox has no version');
  const { paths, components } = describe(newest, '') as unknown as {
    readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
    readonly components: { readonly schemas: Description['types'] };
  };
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters, requestBody, responses }]) => {
      const body = contentOf(requestBody);
      const answer = contentOf(responses['2XX']);
      const operation: Operation = {
        method: method.toUpperCase(),
        path,
        query: parameters.filter((each) => each.in === 'query').map(({ name }) => name),
        ...(body === undefined ? {} : { body }),
        ...(answer === undefined ? {} : { answer }),
      };
      return { operation, isServed: responses['501'] === undefined };
    }),
  );
  return { operations, types: components.schemas };
};

/** The newest version of the API as the sandbox serves it: its operations, and all types. */
export const ownDescription = (): Description => {
  const { operations, types } = allOperations();
  return {
    operations: operations.filter(({ isServed }) => isServed).map(({ operation }) => operation),
    types,
  };
};

/** Operations that the sandbox knows of, served or not. */
export const knownOperations = (): readonly Operation[] =>
  allOperations().operations.map(({ operation }) => operation);
