/**
 * How much is taken from the other side. An answer may come from anything that sits at the address: without bounds an
 * endless one, or one of endless pages, would end the process with no word about why.
 */
import { isNestedTooDeeply, MOST_NESTED } from '../core/json.js';
import { StrangeAnswerError } from './failure.js';

/** Far above what an organization of 100,000 objects needs. */
export const bounds = {
  /** Bytes of one answer, unpacked. */
  answerBytes: 64 * 1024 * 1024,
  /** Bytes of all answers to one client: of one run of a command. */
  runBytes: 1024 * 1024 * 1024,
  /** Pages of one list. */
  pages: 10_000,
  /** Pages in a row that bring nothing new. */
  emptyPages: 100,
  /** Bytes of a file of a log, of which the first lines are shown. */
  fileBytes: 16 * 1024 * 1024,
  /** Characters of one of its lines. */
  lineLength: 1024 * 1024,
} as const;

const megabytes = (bytes: number): string => `${(bytes / 1024 / 1024).toLocaleString('en-US')} MB`;

const overLimit = (status: number, message: string): StrangeAnswerError =>
  new StrangeAnswerError({ reason: 'over-limit', status, message });

/** Counts what one client was sent. Throws `StrangeAnswerError` above the limit of a run. */
export const createMeter = (): ((status: number, bytes: number) => void) => {
  let received = 0;
  return (status, bytes) => {
    received += bytes;
    if (received > bounds.runBytes)
      throw overLimit(
        status,
        `the answers of this run have more than ${megabytes(bounds.runBytes)}, the most that is read`,
      );
  };
};

/** The text of an answer. Throws `StrangeAnswerError` above the limit, and reads no further. */
export const boundedText = async (
  response: Response,
  meter: (status: number, bytes: number) => void,
): Promise<string> => {
  const { body, status } = response;
  if (body === null) return '';
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const reader = (body as ReadableStream<Uint8Array>).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      bytes += value.byteLength;
      meter(status, value.byteLength);
      if (bytes > bounds.answerBytes)
        throw overLimit(
          status,
          `the answer has more than ${megabytes(bounds.answerBytes)}, the most that is read`,
        );
      chunks.push(value);
    }
  } catch (error) {
    // What is left of it is not waited for.
    void reader.cancel().catch(() => undefined);
    throw error;
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
};

/** Throws `StrangeAnswerError` where a parsed answer is nested deeper than anything that is read. */
export const checkDepth = (status: number, answer: unknown): void => {
  if (isNestedTooDeeply(answer))
    throw overLimit(status, `the answer is nested more than ${MOST_NESTED} deep, the most that is read`);
};
