/** Calls of somebody beside the tool: what a person or another program does to Polytomic. */
import type { JsonObject } from '../../src/core/json.js';
import type { Workbench } from './workbench.js';

export type Answered = JsonObject & { readonly id: string };

/** Asks a sandbox in the newest version; gives what is under `data`, and throws where there is nothing. */
export const ask = async (
  { sandbox }: Pick<Workbench, 'sandbox'>,
  method: string,
  url: string,
  body?: object,
): Promise<Answered> => {
  const response = await fetch(`${sandbox.url}/api/${url}`, {
    method,
    headers: {
      authorization: `Bearer ${sandbox.apiKey}`,
      'content-type': 'application/json',
      'x-polytomic-version': '2025-09-18',
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer = (await response.json()) as { readonly data?: Answered };
  if (answer.data === undefined) throw new Error(JSON.stringify([answer, body]));
  return answer.data;
};
