/**
 * Text that came from a manifest or from the API, made safe for a terminal: control characters (escape
 * sequences among them) and the invisible characters that reorder a line become visible escapes.
 */
export const printable = (text: string): string =>
  text.replace(
    /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );

/** A whole number, its thousands apart: `12,000`. Not by `Intl`, which takes longer to load than a `validate` has. */
export const grouped = (number: number): string => String(number).replace(/\B(?=(\d{3})+$)/g, ',');

/** `1 change`, `2 changes`. */
export const count = (number: number, singular: string, plural = `${singular}s`): string =>
  `${grouped(number)} ${number === 1 ? singular : plural}`;

/** A value of any JSON type as text: text as it is, nothing as nothing, the rest as JSON. */
export const asText = (value: unknown): string =>
  typeof value === 'string' ? value : value == null ? '' : JSON.stringify(value);
