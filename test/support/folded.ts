import { stable } from './workbench.js';

/** A comment without what differs from run to run. */
export const folded = (body: string): string =>
  stable(body)
    .replace(/<!-- polytomic-gitops:\w+:[\w-]+ [\w-]+\.[\w-]+ -->/, '<!-- marker -->')
    .replaceAll(/\b[0-9a-f]{40}\b/g, '<sha>')
    .replaceAll(/Commit [0-9a-f]{7}/g, 'Commit <sha>')
    .replaceAll(/sha256:[0-9a-f]{12}/g, '<digest>');
