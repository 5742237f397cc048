import { planText } from '../../report/plan-text.js';
import { exitCodes, styleFor, type GlobalOptions, type Io } from '../io.js';
import { loadPlan } from '../saved.js';
import { printJson } from '../session.js';

/** `show`: what a saved plan says. No network, no key. */
export const show = async (io: Io, options: GlobalOptions, file: string): Promise<number> => {
  const { plan } = await loadPlan(io, options, file);
  if (options.json === true) printJson(io, { plan });
  else io.out(planText(plan, styleFor(io, options, io.outIsTerminal)));
  return exitCodes.ok;
};
