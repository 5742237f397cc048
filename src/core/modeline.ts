/** Where the schema of manifests is published, and the line by which editors find it. */
export const MANIFEST_SCHEMA = 'https://unpkg.com/polytomic-gitops/schemas/manifest.schema.json';

/** The first line of every file that is written here. */
export const MODELINE = `# yaml-language-server: $schema=${MANIFEST_SCHEMA}`;
