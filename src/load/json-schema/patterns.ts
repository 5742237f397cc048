/** Regular expressions of schemas, which may come from a stranger: matched in linear time, by RE2. */
import type { RE2JS } from 're2js';

/** Whether a part of a text fits. */
export type Fits = (text: string) => boolean;

/** Regular expressions by their source; undefined for one that is none. */
export type Patterns = ReadonlyMap<string, Fits | undefined>;

const compile = (engine: typeof RE2JS, source: string): Fits | undefined => {
  try {
    const pattern = engine.compile(source);
    return (text) => pattern.matcher(text).find();
  } catch {
    // Whatever it says: the source is not one of RE2, or asks for more than it does.
    return undefined;
  }
};

/** Compiles each once. The library is read only where there is something to compile. */
export const compilePatterns = async (sources: ReadonlySet<string>): Promise<Patterns> => {
  if (sources.size === 0) return new Map();
  const { RE2JS: engine } = await import('re2js');
  return new Map([...sources].map((source) => [source, compile(engine, source)]));
};
