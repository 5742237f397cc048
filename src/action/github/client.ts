/** GitHub's REST API, as far as the Action needs it. Rules: docs.github.com/rest, "Best practices". */
import ky, { HTTPError } from 'ky';
import { fetchThrough, type NetworkOptions } from '../../api/network.js';
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../core/json.js';
import { asText } from '../../core/text.js';

export interface GitHubOptions extends NetworkOptions {
  /** `https://api.github.com`, or that of a server of one's own. */
  readonly url: string;
  readonly graphqlUrl: string;
  readonly token: string;
  /** `owner/name`. */
  readonly repository: string;
  /** Milliseconds before the first retry. Default 1000. */
  readonly retryDelay?: number;
}

export interface GitHub {
  readonly repository: string;
  /** One object below the repository, e.g. `pulls/7`; undefined where there is none. Throws `GitHubError`. */
  readonly find: (path: string) => Promise<JsonObject | undefined>;
  /** One object anywhere, e.g. `orgs/acme/teams/growth`; undefined where there is none to be seen. Throws `GitHubError`. */
  readonly findAnywhere: (path: string) => Promise<JsonObject | undefined>;
  /** Every item of a list, all pages. Throws `GitHubError`. */
  readonly list: (
    path: string,
    query?: Readonly<Record<string, string>>,
    /** The property that holds the items; the answer itself is the list where absent. */
    property?: string,
  ) => Promise<readonly JsonObject[]>;
  /** Throws `GitHubError`. */
  readonly send: (method: 'POST' | 'PATCH' | 'DELETE', path: string, body?: Json) => Promise<JsonObject>;
  /** Whose token it is, e.g. `github-actions[bot]`. Throws `GitHubError`. */
  readonly viewer: () => Promise<string>;
}

/** What GitHub refuses, or does not answer. */
export class GitHubError extends Error {
  override readonly name = 'GitHubError';
  /** 0 where there was no answer. */
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const VERSION = '2022-11-28';
const PER_PAGE = 100;
const RETRIES = 4;

/** A limit was hit, and nothing was done: the primary one says when it ends, the secondary one how long to wait. */
const isLimit = ({ status, headers }: Response): boolean =>
  status === 429 ||
  (status === 403 && (headers.has('retry-after') || headers.get('x-ratelimit-remaining') === '0'));

/** A client for one repository. */
export const createGitHub = (options: GitHubOptions): GitHub => {
  const { url, graphqlUrl, token, repository, retryDelay = 1000 } = options;
  const http = ky.create({
    fetch: fetchThrough(options),
    timeout: 30_000,
    headers: {
      accept: 'application/vnd.github+json',
      authorization: `Bearer ${token}`,
      'x-github-api-version': VERSION,
      'user-agent': 'polytomic-gitops',
    },
    retry: {
      limit: RETRIES,
      methods: ['get', 'post', 'patch', 'delete'],
      statusCodes: [403, 429, 500, 502, 503, 504],
      // ky reads Retry-After and X-RateLimit-Reset of these; other answers of GitHub hold the latter too.
      afterStatusCodes: [403, 429],
      maxRetryAfter: 120_000,
      delay: (attempt) => retryDelay * 2 ** (attempt - 1),
      jitter: true,
      retryOnTimeout: true,
      shouldRetry: ({ error }) => {
        if (error instanceof HTTPError && isLimit(error.response)) return undefined;
        if (error instanceof HTTPError && error.response.status === 403) return false;
        // After a fault nobody knows whether a POST made something: who sent it looks.
        return error instanceof HTTPError && error.request.method === 'POST' ? false : undefined;
      },
    },
  });
  const call = async (
    method: string,
    address: string,
    request: { readonly body?: Json; readonly query?: Readonly<Record<string, string>> } = {},
  ): Promise<{ readonly value: Json; readonly headers: Headers }> => {
    try {
      const response = await http(address, {
        method,
        ...(request.body === undefined ? {} : { json: request.body }),
        ...(request.query === undefined ? {} : { searchParams: request.query }),
      });
      const text = await response.text();
      return { value: text === '' ? {} : (JSON.parse(text) as Json), headers: response.headers };
    } catch (error) {
      throw await failureOf(error, method, new URL(address).pathname);
    }
  };
  const at = (path: string): string => `${url}/repos/${repository}${path === '' ? '' : `/${path}`}`;
  const find = async (address: string): Promise<JsonObject | undefined> => {
    try {
      const { value } = await call('GET', address);
      return isJsonObject(value) ? value : undefined;
    } catch (error) {
      if (error instanceof GitHubError && error.status === 404) return undefined;
      throw error;
    }
  };
  return {
    repository,
    find: async (path) => find(at(path)),
    findAnywhere: async (path) => find(`${url}/${path}`),
    list: async (path, query, property) => {
      const found: JsonObject[] = [];
      let next: string | undefined = at(path);
      let asked: Readonly<Record<string, string>> | undefined = { per_page: String(PER_PAGE), ...query };
      while (next !== undefined) {
        const { value, headers } = await call('GET', next, asked === undefined ? {} : { query: asked });
        const items = property !== undefined && isJsonObject(value) ? value[property] : value;
        if (isJsonArray(items)) found.push(...items.filter(isJsonObject));
        next = nextPage(headers, url);
        asked = undefined;
      }
      return found;
    },
    send: async (method, path, body) => {
      const { value } = await call(method, at(path), body === undefined ? {} : { body });
      return isJsonObject(value) ? value : {};
    },
    viewer: async () => {
      const { value } = await call('POST', graphqlUrl, { body: { query: '{ viewer { login } }' } });
      const data = isJsonObject(value) ? value['data'] : undefined;
      const viewer = isJsonObject(data) ? data['viewer'] : undefined;
      return isJsonObject(viewer) ? asText(viewer['login']) : '';
    },
  };
};

/** The next page of a list; one of another host is not followed, since the token goes along. */
const nextPage = (headers: Headers, url: string): string | undefined => {
  const next = /<([^>]+)>;\s*rel="next"/.exec(headers.get('link') ?? '')?.[1];
  return next !== undefined && new URL(next).origin === new URL(url).origin ? next : undefined;
};

const failureOf = async (error: unknown, method: string, path: string): Promise<GitHubError> => {
  const what = `${method} ${path}`;
  if (!(error instanceof HTTPError)) {
    const reason = error instanceof Error ? error.message : String(error);
    return new GitHubError(0, `GitHub did not answer ${what}: ${reason}`);
  }
  const { status } = error.response;
  const text = await error.response.text().catch(() => '');
  let message = '';
  try {
    const body = JSON.parse(text) as Json;
    message = isJsonObject(body) ? asText(body['message']) : '';
  } catch {
    // A proxy answers with a page.
  }
  return new GitHubError(
    status,
    `GitHub answered ${what} with ${status}${message === '' ? '' : `: ${message}`}`,
  );
};
