import { hasErrors } from '../../core/diagnostics.js';
import { count, printable } from '../../core/text.js';
import { counts, isOver } from '../../rules/match.js';
import { counted, type Match, type Requirement, type Rule } from '../../rules/rule.js';
import { dayOf, openRules } from '../../workspace/rules.js';
import { exitCodes, styleFor, type GlobalOptions, type Io } from '../io.js';
import { printDiagnostics, printJson, settingsFor } from '../session.js';

const words: {
  readonly [Name in Requirement['is']]: (requires: Extract<Requirement, { is: Name }>) => string;
} = {
  resource: () => 'a schema of the manifest',
  change: () => 'a schema of the change',
  plan: ({ most }) =>
    Object.keys(counted)
      .flatMap((name) => {
        const limit = most[name as keyof typeof counted];
        return limit === undefined ? [] : [`at most ${limit} ${name}`];
      })
      .join(', '),
  approval: ({ label, owners }) =>
    [
      ...(label === undefined ? [] : [`the label ${JSON.stringify(label)}`]),
      ...(owners ? ['an owner'] : []),
    ].join(' and the approval of '),
  obfuscated: ({ columns, label }) =>
    `obfuscated ${[...columns, ...(label === undefined ? [] : [`(label ${label})`])].join(', ')}`,
};

const requirementText = (requires: Requirement): string =>
  (words[requires.is] as (requires: Requirement) => string)(requires);

const matchText = ({ kinds, labels, environments, folders, actions }: Match): string => {
  const selector = labels.map(({ name, value }) => (value === undefined ? name : `${name}=${value}`));
  const parts = [
    kinds.join(', '),
    ...(selector.length === 0 ? [] : [`with ${selector.join(',')}`]),
    ...(folders.length === 0 ? [] : [`in ${folders.join(', ')}`]),
    ...(environments.length === 0 ? [] : [`of ${environments.join(', ')}`]),
    ...(actions.length === 0 ? [] : [`on ${actions.join(', ')}`]),
  ].filter((part) => part !== '');
  return parts.length === 0 ? 'everything' : parts.join(' ');
};

/** `rules`: what is asked of manifests and plans. */
export const rules = async (io: Io, options: GlobalOptions): Promise<number> => {
  const settings = await settingsFor(io, options);
  const { rules: all, diagnostics } = await openRules(settings);
  const today = dayOf(settings);
  const clock = { environment: settings.environmentName, today };
  const isCounting = (rule: Rule): boolean => counts(rule, clock);
  if (options.json === true)
    printJson(io, {
      rules: all.map((rule) => ({
        name: rule.name,
        ...rule.document,
        severity: rule.severity,
        counts: isCounting(rule),
        place: rule.place,
      })),
      diagnostics,
    });
  else {
    const style = styleFor(io, options, io.outIsTerminal);
    const state = (rule: Rule): string =>
      isOver(rule.until, today) ? ', ended' : isCounting(rule) ? '' : ', not in this environment';
    printDiagnostics(io, options, diagnostics);
    io.out(
      [
        ...all.map((rule) =>
          [
            `${style.bold(rule.name)}  ${style.dim(`${rule.severity}${rule.until === undefined ? '' : `, until ${rule.until}`}${state(rule)}  ${printable(rule.place.file)}:${rule.place.line}`)}`,
            ...(rule.description === undefined ? [] : [`  ${printable(rule.description.trim())}`]),
            `  about ${printable(matchText(rule.match))}: ${printable(requirementText(rule.requires))}`,
            '',
          ].join('\n'),
        ),
        `${count(all.length, 'rule')}.\n`,
      ].join('\n'),
    );
  }
  return hasErrors(diagnostics) ? exitCodes.error : exitCodes.ok;
};
