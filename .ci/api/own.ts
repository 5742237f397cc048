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

/** The newest version of the API as the sandbox describes it: the operations that it has, and all types. */
export const ownDescription = (): Description => {
  const newest = versions.at(-1);
  if (newest === undefined) throw new Error('the sandbox has no version');
  const { paths, components } = describe(newest, '') as unknown as {
    readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
    readonly components: { readonly schemas: Description['types'] };
  };
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters, requestBody, responses }]): Operation => {
      const body = contentOf(requestBody);
      const answer = contentOf(responses['2XX']);
      return {
        method: method.toUpperCase(),
        path,
        query: parameters.filter((each) => each.in === 'query').map(({ name }) => name),
        ...(body === undefined ? {} : { body }),
        ...(answer === undefined ? {} : { answer }),
      };
    }),
  );
  return { operations, types: components.schemas };
};
