/** Operations that the sandbox knows and does not serve: no manifest has anything to do with them. */
import { refuse, type Route } from '../http.js';
import { within } from '../versions.js';

/** By what they are about: paths, each with its methods. */
const unserved: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  harbours: {
    '/api/harbor/connections': 'GET',
    '/api/harbor/connections/:connection/schemas': 'GET',
    '/api/harbor/connections/:connection/schemas/:schema': 'GET',
    '/api/harbor/sessions': 'POST',
    '/api/harbor/sessions/:session': 'DELETE',
    '/api/harbors': 'GET POST',
    '/api/harbors/:harbor': 'GET PUT DELETE',
    '/api/harbors/:harbor/action-executions/:execution': 'GET',
    '/api/harbors/:harbor/actions': 'GET',
    '/api/harbors/:harbor/actions/describe': 'GET',
    '/api/harbors/:harbor/actions/execute': 'POST',
    '/api/harbors/:harbor/actions/lookup': 'POST',
    '/api/harbors/:harbor/actions/prepare': 'POST',
    '/api/harbors/:harbor/contexts': 'GET POST',
    '/api/harbors/:harbor/contexts/drafts': 'GET POST',
    '/api/harbors/:harbor/contexts/:context': 'GET PUT DELETE',
    '/api/harbors/:harbor/contexts/:context/draft': 'GET PUT DELETE',
    '/api/harbors/:harbor/contexts/:context/draft/promote': 'POST',
    '/api/harbors/:harbor/contexts/:context/versions': 'GET',
    '/api/harbors/:harbor/contexts/:context/versions/:version': 'GET',
    '/api/harbors/:harbor/keys': 'GET POST',
    '/api/harbors/:harbor/keys/:key': 'DELETE',
    '/api/harbors/:harbor/query': 'POST',
    '/api/harbors/:harbor/saved-queries': 'GET POST',
    '/api/harbors/:harbor/saved-queries/drafts': 'GET',
    '/api/harbors/:harbor/saved-queries/:query': 'GET DELETE',
    '/api/harbors/:harbor/saved-queries/:query/draft': 'PUT DELETE',
    '/api/harbors/:harbor/saved-queries/:query/draft/publish': 'POST',
    '/api/harbors/:harbor/saved-queries/:query/draft/validate': 'POST',
    '/api/harbors/:harbor/saved-queries/:query/execute': 'POST',
    '/api/harbors/:harbor/source-mappings/resolve': 'POST',
    '/api/harbors/:harbor/status': 'GET',
    '/api/harbors/:harbor/users': 'GET POST',
    '/api/harbors/:harbor/users/:user': 'PUT DELETE',
  },
  'search of operations': {
    '/api/operations/search': 'POST',
    '/api/operations/search/availability': 'GET',
  },
  'activity of harbours': {
    '/api/organization/harbor-activity': 'GET',
    '/api/organization/harbor-activity/sessions/:session': 'GET',
    '/api/organization/harbor-activity/:event': 'GET',
  },
  'links to views of records': {
    '/api/record-view-links': 'POST',
    '/api/record-view-links/capabilities': 'GET',
  },
  'temporary credentials': {
    '/api/temporary-credentials': 'POST',
  },
};

export const unservedRoutes: readonly Route[] = Object.entries(unserved).flatMap(([what, paths]) =>
  Object.entries(paths).flatMap(([path, methods]) =>
    methods.split(' ').map((method): Route => ({
      method: method as Route['method'],
      path,
      in: within.current,
      partner: true,
      unserved: true,
      handle: () => refuse(501, 'not_implemented', `the sandbox does not serve ${what}`),
    })),
  ),
);
