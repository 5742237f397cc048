/** Calls of somebody beside the tool: what a person or another program does to Polytomic. */
import type { JsonObject } from '../../src/core/json.js';
import type { Workbench } from './workbench.js';

export type Answered = JsonObject & { readonly id: string };

type Somebody = Pick<Workbench, 'sandbox'>;

const call = async (
  { sandbox }: Somebody,
  method: string,
  url: string,
  body: object | undefined,
): Promise<Response> =>
  fetch(`${sandbox.url}/api/${url}`, {
    method,
    headers: {
      authorization: `Bearer ${sandbox.apiKey}`,
      'content-type': 'application/json',
      'x-polytomic-version': '2025-09-18',
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

/** Asks a sandbox in the newest version; gives what is under `data`, and throws where there is nothing. */
export const ask = async (bench: Somebody, method: string, url: string, body?: object): Promise<Answered> => {
  const answer = (await (await call(bench, method, url, body)).json()) as { readonly data?: Answered };
  if (answer.data === undefined) throw new Error(JSON.stringify([answer, body]));
  return answer.data;
};

/** As `ask`, of what answers nothing. */
export const tell = async (bench: Somebody, method: string, url: string, body?: object): Promise<void> => {
  const response = await call(bench, method, url, body);
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
};
