/** Options that several commands share, and how their values are read. */
import { InvalidArgumentError, Option, type Command } from 'commander';
import { parseShard, type Shard } from '../core/shard.js';

/** Reads a whole number from 0 to `highest`. */
export const wholeNumber =
  (highest: number) =>
  (text: string): number => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value <= highest) return value;
    throw new InvalidArgumentError(`a whole number from 0 to ${highest}.`);
  };

/** Gathers an option that may stand several times. */
export const each = (text: string, before: readonly string[] = []): readonly string[] => [...before, text];

const deleteLimit = (text: string): number | string => {
  if (/^\d+$/.test(text)) return Number(text);
  if (/^(100|\d{1,2})%$/.test(text)) return text;
  throw new InvalidArgumentError('a number, or a share such as 10%.');
};

export const lockTimeout = [
  '--lock-timeout <seconds>',
  'wait so long for another run to end',
  wholeNumber(86_400),
  0,
] as const;

export const htmlPage = ['--html <file>', 'write it as a page, too: one file, for people'] as const;

export const withoutSecrets = [
  '--without-secrets',
  'go without the values of secrets, as for a pull request from a fork',
] as const;

const shardNumber = (text: string): Shard => {
  const shard = parseShard(text);
  if (shard !== undefined) return shard;
  throw new InvalidArgumentError('the part and the number of parts, such as 2/5.');
};

/** A part of what is to be done, for one of several runners. */
export const sharding = (command: Command): Command =>
  command.option('--shard <part>', 'the part of one of several runners: 2/5', shardNumber);

/** Flags that choose a part of what is managed. */
export const choosing = (command: Command, target = 'this alone; again for more'): Command =>
  sharding(command)
    .option('--target <address>', target, each)
    .option('--exclude <address>', 'all but this; again for more', each)
    .option('--kind <kind>', 'resources of this kind alone; again for more', each)
    .option('--selector <labels>', 'resources with these labels: team=growth,crm');

/** Flags that choose a part of the manifests, and how deletes are meant. */
export const selecting = (command: Command): Command =>
  choosing(command, 'this and what it needs, nothing else; again for more')
    .addOption(
      new Option('--prune <policy>', 'live objects whose manifests are gone: delete, or leave').choices([
        'managed',
        'never',
      ]),
    )
    .option('--max-deletes <limit>', 'stop where more would be deleted: 5, or 10%', deleteLimit);
