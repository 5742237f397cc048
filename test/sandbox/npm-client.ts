/** The client that Polytomic publishes for Node, at the sandbox of a test. */
import { PolytomicClient } from 'polytomic';
import { sandbox } from './harness.js';

/** A call that is made once: what fails shows. */
export const once = { maxRetries: 0 };

/** A client of the version that it was made for. */
export const clientOf = (token: string): PolytomicClient =>
  new PolytomicClient({ environment: sandbox.url, token, version: '2024-02-08' });

/** What a type promises without saying so. Throws where the answer lacks it. */
export const present = <T>(value: T | null | undefined): T => {
  if (value == null) throw new Error('the answer lacks what its type promises');
  return value;
};
