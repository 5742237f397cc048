import { scrubCrash } from '../core/scrub.js';

/** What a bug leaves on the terminal: its stack, without secrets. */
export const crashText = (error: unknown): string => {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `This is a bug in polytomic-gitops; please report it with this text:\n${scrubCrash(text)}\n`;
};
