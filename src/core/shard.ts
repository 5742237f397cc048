/** One of several runs that share the work, as it is written: `2/5`. */

/** One of `count` parts, counted from 1. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** `2/5` as a shard; undefined where it is none. */
export const parseShard = (text: string): Shard | undefined => {
  const [, index, count] = /^([1-9]\d{0,4})\/([1-9]\d{0,4})$/.exec(text) ?? [];
  const shard = { index: Number(index), count: Number(count) };
  return index !== undefined && shard.index <= shard.count ? shard : undefined;
};

/** A shard as `parseShard` reads it. */
export const shardText = ({ index, count }: Shard): string => `${index}/${count}`;
