/** `connection.warehouse`: the kind in lower camel case, a dot, the manifest's key. It never changes. */
export type Address = string & { readonly __brand: 'Address' };

/** The address of the resource of this kind (`Connection`) with this key (`warehouse`). */
export const addressOf = (kind: string, key: string): Address =>
  `${kind.charAt(0).toLowerCase()}${kind.slice(1)}.${key}` as Address;

/** The key in an address: `warehouse` of `connection.warehouse`. */
export const keyIn = (address: string): string => address.slice(address.indexOf('.') + 1);
