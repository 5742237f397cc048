/** The runner's side: what the Action prints, annotates and hands on. */
import { randomUUID } from 'node:crypto';
import * as core from '@actions/core';
import type { Diagnostic, Place } from '../core/diagnostics.js';
import type { Secret } from '../core/secret.js';
import { printable } from '../core/text.js';

/** Where an annotation stands: a path relative to the repository. */
export type Locate = (place: Place) => string;

/** A value so short would blacken half of the log. */
const SHORTEST_MASKED = 4;

/** Has the runner mask these values in its log, line by line as it reads. */
export const mask = (secrets: readonly Secret[]): void => {
  for (const secret of secrets)
    for (const line of secret.known ? secret.reveal().split(/\r?\n/) : [])
      if (line.length >= SHORTEST_MASKED) core.setSecret(line);
};

/** Prints a text of which the runner takes no line for a command. */
export const print = (text: string): void => {
  const token = randomUUID();
  core.info(`::stop-commands::${token}`);
  core.info(text.trimEnd());
  core.info(`::${token}::`);
};

/** GitHub keeps ten of each severity for a step; the log and the summary tell of all. */
const MOST_ANNOTATIONS = 50;

/** Findings on the lines of the manifests. */
export const annotate = (diagnostics: readonly Diagnostic[], locate: Locate): void => {
  const told = (['error', 'warning'] as const).flatMap((severity) =>
    diagnostics.filter((each) => each.severity === severity).slice(0, MOST_ANNOTATIONS),
  );
  for (const { severity, code, message, hint, rule, link, place } of told) {
    const text = [
      ...message.split('\n'),
      ...(hint === undefined ? [] : [`Hint: ${hint}`]),
      ...(link === undefined ? [] : [`See ${link}`]),
    ]
      .map(printable)
      .join('\n');
    const properties = {
      title: `Polytomic: ${rule === undefined ? code : `${code} ${rule}`}`,
      ...(place === undefined
        ? {}
        : { file: locate(place), startLine: place.line, startColumn: place.column }),
    };
    (severity === 'error' ? core.error : core.warning)(text, properties);
  }
};

/** One line for the person who looks at the run; no finding of a manifest. */
export const notice = (text: string): void => {
  core.notice(printable(text), { title: 'Polytomic' });
};

/** The job summary, Markdown. */
export const summarize = async (markdown: string): Promise<void> => {
  // Outside of a runner there is none.
  if ((process.env['GITHUB_STEP_SUMMARY'] ?? '') !== '') await core.summary.addRaw(markdown, true).write();
};

/** What later steps of the job read. */
export const setOutputs = (outputs: Readonly<Record<string, string | number | boolean>>): void => {
  for (const [name, value] of Object.entries(outputs)) core.setOutput(name, String(value));
};

export const fail = (message: string): void => {
  core.setFailed(printable(message));
};
