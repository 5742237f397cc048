/**
 * `npm run api:check`: what do the newest official clients know of the API that this project does not, and the other
 * way round? Exits with 0 where every difference has its reason, 1 where one has none or a reason has no difference, 2
 * where a registry cannot be reached, a client cannot be read or the issue cannot be written.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { createGitHub, GitHubError } from '../../src/action/github/client.js';
import { printable } from '../../src/core/text.js';
import { allDifferences } from './check.js';
import type { Client, Difference } from './compare.js';
import { newestClients, Unavailable } from './clients.js';
import { judge, parseReasons, updatedReasons } from './explained.js';
import { tellIssue } from './issue.js';
import { isSettled, reportMarkdown, reportText, type Report } from './report.js';

export const REASONS = '.config/api-differences.yaml';

const USAGE = `npm run api:check -- [--all] [--markdown] [--update] [--issue]

  --all       also what is explained, each with its reason
  --markdown  for the body of an issue
  --update    writes the file of reasons, ${REASONS}:
              reasons stay, rows that match nothing go, what is new stands
              at the end and waits for its reason
  --issue     opens, updates or closes the issue of this check, by
              GITHUB_REPOSITORY and GITHUB_TOKEN; exits with 0 when it is told
`;

const github = (env: NodeJS.ProcessEnv): ReturnType<typeof createGitHub> => {
  const { GITHUB_TOKEN: token = '', GITHUB_REPOSITORY: repository = '' } = env;
  if (token === '' || repository === '') throw new Error('--issue needs GITHUB_TOKEN and GITHUB_REPOSITORY');
  const url = env['GITHUB_API_URL'] ?? 'https://api.github.com';
  return createGitHub({ url, graphqlUrl: env['GITHUB_GRAPHQL_URL'] ?? `${url}/graphql`, token, repository });
};

/** Types that do not fit together, or have no end, are a client that cannot be read. */
const compared = (clients: readonly Client[]): readonly Difference[] => {
  try {
    return allDifferences(clients);
  } catch (error) {
    throw new Unavailable(`cannot compare: ${printable((error as Error).message).slice(0, 300)}`);
  }
};

/** Writes the file of reasons for the differences of today, in the format of the repository. */
const update = async (differences: readonly Difference[]): Promise<void> => {
  const text = updatedReasons(await readFile(REASONS, 'utf8'), differences);
  await writeFile(REASONS, await format(text, { ...(await resolveConfig(REASONS)), filepath: REASONS }));
};

/** Runs the check in the root of the repository; gives the exit code. */
export const main = async (args: readonly string[], write: (text: string) => unknown): Promise<0 | 1 | 2> => {
  const flag = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({
    args: [...args],
    options: { all: flag, markdown: flag, update: flag, issue: flag, help: flag },
  });
  if (values.help) {
    write(USAGE);
    return 0;
  }
  const connected = values.issue ? github(process.env) : undefined;
  try {
    const clients = await newestClients();
    const differences = compared(clients);
    if (values.update) await update(differences);
    const judgement = judge(differences, parseReasons(await readFile(REASONS, 'utf8')));
    const report: Report = { judgement, clients: clients.map(({ name }) => name), file: REASONS };
    write(values.markdown ? reportMarkdown(report) : reportText(report, values.all));
    if (connected !== undefined) {
      write(`${await tellIssue(connected, isSettled(report) ? undefined : reportMarkdown(report))}\n`);
      return 0;
    }
    return isSettled(report) ? 0 : 1;
  } catch (error) {
    if (!(error instanceof Unavailable) && !(error instanceof GitHubError)) throw error;
    write(`${error instanceof Unavailable ? 'Not compared' : 'No issue was written'}. ${error.message}\n`);
    return 2;
  }
};
