/**
 * Many texts to be found in another one, each character of them as it is or escaped: for JSON (a body in a body:
 * twice), for an address or a form, for HTML; in any mixture. One pass, however many texts there are. Pure.
 */

export interface Needles {
  /** Adds a text of at least two characters. */
  readonly add: (needle: string) => void;
  /** The text with `mark` in the place of all that is, or belongs to, one of the needles. */
  readonly replaceIn: (text: string, mark: string) => string;
}

/** A character (its code point) that stands at some place of a text, and where what is written for it ends. */
interface Reading {
  readonly point: number;
  readonly end: number;
}

const ESCAPES = new Set(Array.from('\\%&+', (sign) => sign.charCodeAt(0)));

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const short: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

const matchAt = (pattern: RegExp, text: string, at: number): RegExpExecArray | null => {
  pattern.lastIndex = at;
  return pattern.exec(text);
};

const UNIT = /\\{1,2}u([0-9a-f]{4})/iy;
const SHORT = [/\\(["\\/bfnrt])/y, /\\{2}(["\\/bfnrt])/y, /\\{3}(["\\/bfnrt])/y];

/** What a backslash begins; a character beyond the first plane is two units. */
const afterBackslash = (text: string, at: number): readonly Reading[] => {
  const readings = SHORT.flatMap((pattern): readonly Reading[] => {
    const point = short[matchAt(pattern, text, at)?.[1] ?? '']?.codePointAt(0);
    return point === undefined ? [] : [{ point, end: pattern.lastIndex }];
  });
  const unit = matchAt(UNIT, text, at);
  if (unit === null) return readings;
  const high = Number.parseInt(unit[1] ?? '', 16);
  const end = at + unit[0].length;
  const low = high >= 0xd800 && high < 0xdc00 ? matchAt(UNIT, text, end) : null;
  const whole = String.fromCharCode(high, ...(low === null ? [] : [Number.parseInt(low[1] ?? '', 16)]));
  const point = whole.codePointAt(0) ?? 0;
  return [...readings, { point, end: point > 0xffff ? end + (low?.[0].length ?? 0) : end }];
};

const BYTES = /(?:%[0-9a-f]{2}){1,4}/iy;

/** What a percent sign begins: as many bytes of UTF-8 as the first one says. */
const afterPercent = (text: string, at: number): readonly Reading[] => {
  const [all] = matchAt(BYTES, text, at) ?? [];
  if (all === undefined) return [];
  const bytes = Buffer.from(all.replaceAll('%', ''), 'hex');
  const [first = 0] = bytes;
  const length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  const point = bytes.subarray(0, length).toString().codePointAt(0) ?? 0;
  return [{ point, end: at + 3 * length }];
};

const ENTITY = /&(?:#0*(\d{1,7})|#x0*([0-9a-f]{1,6})|(amp|lt|gt|quot|apos));/iy;

const afterAmpersand = (text: string, at: number): readonly Reading[] => {
  const found = matchAt(ENTITY, text, at);
  if (found === null) return [];
  const [all, decimal, hex, name] = found;
  const point =
    decimal !== undefined
      ? Number(decimal)
      : hex !== undefined
        ? Number.parseInt(hex, 16)
        : (named[name ?? '']?.charCodeAt(0) ?? 0);
  return [{ point, end: at + all.length }];
};

const SPACE = 0x20;

const escaped: Readonly<Record<string, (text: string, at: number) => readonly Reading[]>> = {
  '\\': afterBackslash,
  '%': afterPercent,
  '&': afterAmpersand,
  '+': (_text, at) => [{ point: SPACE, end: at + 1 }],
};

/** Every way to read what begins at a place of a text, of which there is more than one for few signs only. */
const readingsAt = (text: string, at: number): readonly Reading[] => {
  const point = text.codePointAt(at);
  if (point === undefined) return [];
  const plain = { point, end: at + (point > 0xffff ? 2 : 1) };
  return ESCAPES.has(point) ? [plain, ...(escaped[text.charAt(at)]?.(text, at) ?? [])] : [plain];
};

/** The furthest place at which a needle that begins at a place may end; undefined where it does not begin there. */
const endOf = (text: string, from: number, needle: readonly number[]): number | undefined => {
  let places: readonly number[] = [from];
  for (const wanted of needle) {
    const next = new Set<number>();
    for (const place of places)
      for (const { point, end } of readingsAt(text, place)) if (point === wanted) next.add(end);
    if (next.size === 0) return undefined;
    places = [...next];
  }
  return Math.max(...places);
};

/** Two characters in one number. */
const pairOf = (first: number, second: number): number => first * 0x11_0000 + second;

/** Nothing to find yet. */
export const createNeedles = (): Needles => {
  const byPair = new Map<number, (readonly number[])[]>();
  const firsts = new Set<number>();
  const candidatesAt = (text: string, at: number): readonly (readonly number[])[] => {
    const readings = readingsAt(text, at).filter(({ point }) => firsts.has(point));
    if (readings.length === 0) return [];
    return readings.flatMap(({ point, end }) =>
      readingsAt(text, end).flatMap((next) => byPair.get(pairOf(point, next.point)) ?? []),
    );
  };
  /** The candidates where nothing is escaped, which is nearly everywhere: as above, without a list made. */
  const plainAt = (text: string, at: number): readonly (readonly number[])[] | undefined => {
    const first = text.charCodeAt(at);
    const second = text.charCodeAt(at + 1);
    if (!isPlain(first) || !isPlain(second)) return undefined;
    return firsts.has(first) ? (byPair.get(pairOf(first, second)) ?? NONE) : NONE;
  };
  return {
    add: (needle) => {
      const points = Array.from(needle, (sign) => sign.codePointAt(0) ?? 0);
      const [first, second] = points;
      if (first === undefined || second === undefined)
        throw new Error('a needle has two characters at least');
      firsts.add(first);
      const key = pairOf(first, second);
      const others = byPair.get(key);
      if (others === undefined) byPair.set(key, [points]);
      else others.push(points);
    },
    replaceIn: (text, mark) => {
      let result = '';
      let kept = 0;
      let until = 0;
      for (let at = 0; at < text.length; at += 1) {
        const candidates = plainAt(text, at) ?? candidatesAt(text, at);
        let end = at;
        for (const needle of candidates) end = Math.max(end, endOf(text, at, needle) ?? at);
        if (end === at) continue;
        // What reaches into the one before is taken together with it.
        if (at >= until) result += text.slice(kept, at) + mark;
        until = Math.max(until, end);
        kept = until;
      }
      return kept === 0 ? text : result + text.slice(kept);
    },
  };
};

const NONE: readonly never[] = [];

/** Whether a unit stands for itself alone. */
const isPlain = (unit: number): boolean => (unit < 0xd800 || unit > 0xdfff) && !ESCAPES.has(unit);
