/** The GitHub Action, as a runner starts it. */
import { runAction } from './run.js';

await runAction();
