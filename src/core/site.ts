/** Where the documentation is published: the one place that knows the address. */
import type { Diagnostic } from './diagnostics.js';

export const SITE = 'https://polytomic.github.io/polytomic-gitops';

/** What a code may look like. A report of another run may hold anything. */
const CODE = /^[a-z0-9]+(-[a-z0-9]+){0,7}$/;

/** The name of a code in `docs/findings.md`: answers of the API by status have one entry. */
export const findingAnchor = (code: string): string => code.replace(/^api-\d+$/, 'api-status');

/** The address of what is to be known of a finding; undefined for what is no code. */
export const findingUrl = (code: string): string | undefined =>
  CODE.test(code) ? `${SITE}/findings#${findingAnchor(code)}` : undefined;

/** Findings for machines: each with the address of its page. */
export const withUrls = (
  diagnostics: readonly Diagnostic[],
): readonly (Diagnostic & { readonly url?: string })[] =>
  diagnostics.map((diagnostic) => {
    const url = findingUrl(diagnostic.code);
    return url === undefined ? diagnostic : { ...diagnostic, url };
  });
