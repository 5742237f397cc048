/** `validate`: every manifest by itself; no network. */
import { hasErrors } from '../../core/diagnostics.js';
import { count } from '../../core/text.js';
import { diagnosticsText } from '../../report/diagnostics.js';
import { findingMarkdown, rulesMarkdown } from '../../report/markdown.js';
import { exceptedText } from '../../report/rules-text.js';
import { createStyle } from '../../report/style.js';
import { validateWorkspace } from '../../workspace.js';
import { checkOffline } from '../../workspace/offline.js';
import { askRules } from '../../workspace/ruled.js';
import { isStranger } from '../planning.js';
import { nothing, scrubbed, show, type Report } from '../reports.js';
import { annotate } from '../runner.js';
import type { Session } from '../session.js';

export const validate = async (session: Session): Promise<Report> => {
  const { settings } = session;
  // Whoever brings no secrets can have the rest checked all the same.
  const withoutSecrets = isStranger(session) || Object.keys(settings.secrets).length === 0;
  const { desired, diagnostics } = await validateWorkspace({ settings, withoutSecrets });
  // What was pulled lies in the work tree, and says nothing that a stranger could not have written.
  const shown = desired === undefined ? [] : await checkOffline(settings, desired, false);
  const ruled = desired === undefined ? undefined : await askRules(settings, { desired });
  const told = scrubbed(session, [...diagnostics, ...shown, ...(ruled?.findings ?? [])]);
  const excepted = ruled?.excepted ?? [];
  annotate(told, session.locate);
  const verdict =
    desired === undefined
      ? 'The manifests are not valid.'
      : `${count(desired.resources.length, 'resource')} valid.`;
  const style = createStyle(false);
  await show(
    session,
    [diagnosticsText(told, style), exceptedText(excepted, style), verdict].join('\n'),
    [
      `### Polytomic: ${verdict}`,
      told.map((finding) => findingMarkdown(finding, session.linkTo)).join('\n'),
      ...rulesMarkdown(ruled?.report, session.linkTo),
    ].join('\n\n'),
  );
  return { ...nothing, failed: desired === undefined || hasErrors(told) };
};
