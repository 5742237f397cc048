/** Where editors find the schema of manifests; the number is the package's major version. */
export const MANIFEST_SCHEMA = 'https://unpkg.com/polytomic-gitops@0/schemas/manifest.schema.json';

/** The same of rules. */
export const RULE_SCHEMA = 'https://unpkg.com/polytomic-gitops@0/schemas/rule.schema.json';

/** The line at the head of a file that points an editor to a schema. https://github.com/redhat-developer/yaml-language-server */
export const modeline = (schema: string): string => `# yaml-language-server: $schema=${schema}`;
