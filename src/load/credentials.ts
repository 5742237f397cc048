/**
 * Which names of the environment are nobody's to read from a manifest, and what looks like a credential: a manifest may
 * be a stranger's, and what it reads may end up in a field that everybody sees. Tables; pure.
 */

/** Beginnings of names that a runner of CI, Node, Git or this tool itself uses: its inputs, its tokens, its settings. */
const RESERVED_BEGINNINGS: readonly string[] = [
  'ACTIONS_',
  'BUILDKITE_',
  'CI_',
  'CIRCLE_',
  'DYLD_',
  'GIT_',
  'GITHUB_',
  'INPUT_',
  'LD_',
  'NODE_',
  'NPM_',
  'POLYTOMIC_',
  'RUNNER_',
  'SYSTEM_',
];

/** The same, as whole names. */
const RESERVED_NAMES: ReadonlySet<string> = new Set([
  'ALL_PROXY',
  'HTTPS_PROXY',
  'HTTP_PROXY',
  'NO_PROXY',
  'PATH',
  'SSH_AUTH_SOCK',
]);

/** Whether a name is one of the runner or of this tool, in whatever case: `github_token` is what GitHub gives. */
export const isReserved = (name: string): boolean => {
  const upper = name.toUpperCase();
  return RESERVED_NAMES.has(upper) || RESERVED_BEGINNINGS.some((beginning) => upper.startsWith(beginning));
};

const credentialName =
  /((^|_)PASS|PASS(WORD|WD|PHRASE)|SECRET|TOKEN|CREDENTIALS?|PRIVATE|API_?KEY|ACCESS_?KEY(_ID)?|(SIGNING|ENCRYPTION|ACCOUNT|SERVICE)_?KEY|CONNECTION_STRING|(^|_)(PAT|PWD|DSN|SAS))(_|$)/i;

/** Whether people give such a name to a credential. */
export const isCredentialName = (name: string): boolean => credentialName.test(name);

/** Forms of values, by what they are called. */
const credentialValues: readonly (readonly [what: string, form: RegExp])[] = [
  ['an address with a password in it', /[a-z][a-z0-9+.-]*:\/\/[^\s/@:]*:[^\s/@]+@/i],
  ['a private key', /-----BEGIN [A-Z0-9 ]*PRIVATE KEY/],
  ['an access key of AWS', /\b(AKIA|ASIA)[0-9A-Z]{16}\b/],
  ['a token of GitHub', /\b(gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,})/],
  ['a token of GitLab', /\bglpat-[A-Za-z0-9_-]{16,}/],
  ['a token of Slack', /\bxox[abeoprs]-[A-Za-z0-9-]{10,}/],
  ['a key of Google', /\bAIza[0-9A-Za-z_-]{35}/],
  ['a token of npm', /\bnpm_[A-Za-z0-9]{30,}/],
  ['a key of Stripe', /\b(sk|rk)_(live|test)_[A-Za-z0-9]{16,}/],
  ['a key of an account at OpenAI or Anthropic', /\bsk-[A-Za-z0-9_-]{20,}/],
  ['a signed token (JWT)', /\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\./],
  [
    'a connection string with a password in it',
    /(^|[;\s&?])(password|pwd|accountkey|sharedaccesskey|secret)\s*=\s*[^;\s&]+/i,
  ],
  ['the key of a service account', /"private_key(_id)?"\s*:/],
];

/** What a value looks like, where it looks like a credential. */
export const credentialIn = (value: string): string | undefined =>
  credentialValues.find(([, form]) => form.test(value))?.[0];
