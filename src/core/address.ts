/** `connection.warehouse`: the kind in lower camel case, a dot, the manifest's key. It never changes. */
export type Address = string & { readonly __brand: 'Address' };

/** What a key may look like: no dot (it separates), nothing a shell, a path or Markdown would misread. */
export const keyPattern = /^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/;

/** The address of the resource of this kind (`Connection`) with this key (`warehouse`). */
export const addressOf = (kind: string, key: string): Address =>
  `${kind.charAt(0).toLowerCase()}${kind.slice(1)}.${key}` as Address;
