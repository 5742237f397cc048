/** The description of what the sandbox serves (OpenAPI 3.1), from the definitions that it validates by. */
import type { JsonObject } from '../core/json.js';
import type { Route } from './http.js';
import { routeGroups } from './resources/routes.js';
import { typeSchemas } from './types/all.js';
import { versions, type Version } from './versions.js';

const content = (type: string): JsonObject => ({
  'application/json': { schema: { $ref: `#/components/schemas/${type}` } },
});

const parametersOf = ({ path, query = [] }: Route): readonly JsonObject[] => [
  ...[...path.matchAll(/:(\w+)/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  })),
  ...query.map((name) => ({ name, in: 'query', required: false, schema: { type: 'string' } })),
];

const idOf = ({ method, path }: Route): string =>
  [method.toLowerCase(), ...path.replace('/api/', '').split(/[/:]+/)].filter((part) => part !== '').join('_');

const operation = (route: Route, tag: string): JsonObject => ({
  operationId: idOf(route),
  tags: [tag],
  ...(route.session === true ? { security: [{ session: [] }] } : {}),
  parameters: [...parametersOf(route)],
  ...(route.body === undefined ? {} : { requestBody: { content: content(route.body) } }),
  responses: {
    ...(route.unserved === true
      ? { 501: { description: 'Not served by the sandbox', content: content('ApiError') } }
      : {
          '2XX': {
            description: route.answer ?? 'Done; no body',
            ...(route.answer === undefined ? {} : { content: content(route.answer) }),
          },
        }),
    default: { description: 'Refused', content: content('ApiError') },
  },
});

/** The routes of a version with the group of each. */
export const routesOf = (version: Version): readonly (readonly [route: Route, group: string])[] =>
  routeGroups.flatMap(({ name, routes }) =>
    routes.filter((route) => route.in?.(version) ?? true).map((route) => [route, name] as const),
  );

/** The description for one version of the API. */
export const describe = (version: Version, baseUrl: string): JsonObject => {
  const paths: Record<string, Record<string, JsonObject>> = {};
  for (const [route, group] of routesOf(version)) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route, group) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Polytomic API, as the sandbox serves it',
      version: version.name,
      description: `Other versions: ${versions.map(({ name }) => `/openapi.json?version=${name}`).join(', ')}`,
    },
    servers: [{ url: baseUrl }],
    security: [{ key: [] }],
    paths,
    components: {
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer' },
        session: { type: 'apiKey', in: 'query', name: 'token' },
      },
      schemas: typeSchemas({ refPrefix: '#/components/schemas/', closed: false }),
    },
  };
};
