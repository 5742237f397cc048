/** Modes of a sync by the kind of system it writes to; the warehouse's are those of the quickstart. */
export interface TargetMode {
  readonly mode: string;
  readonly label: string;
  readonly description: string;
  readonly identity: boolean;
  readonly targetFilters: boolean;
  readonly fieldMode: boolean;
}

const mode = (
  name: string,
  label: string,
  description: string,
  identity: boolean,
  extra: Partial<TargetMode> = {},
): TargetMode => ({
  mode: name,
  label,
  description,
  identity,
  targetFilters: false,
  fieldMode: false,
  ...extra,
});

const create = mode(
  'create',
  'Create',
  'Create records when they don’t exist; don’t update existing ones',
  true,
);
const update = mode('update', 'Update', 'Update existing records only; don’t create new ones', true);
const upsert = mode(
  'updateOrCreate',
  'Update or Create',
  'Update records when they exist and create them when they don’t',
  true,
);
const replace = mode('replace', 'Replace', 'Replace all existing rows', false);
const append = mode('append', 'Append', 'Append rows to the end of the table', false);

export const modes = {
  warehouse: [create, update, upsert, replace, append],
  application: [
    create,
    { ...update, targetFilters: true },
    { ...upsert, fieldMode: true },
    mode('remove', 'Remove', 'Delete the records that match', true),
  ],
  stream: [mode('create', 'Send', 'Send each new record', false)],
  file: [replace, append, mode('snapshot', 'Snapshot', 'Write a new file on each run', false)],
} as const satisfies Readonly<Record<string, readonly TargetMode[]>>;

export type ModeSet = keyof typeof modes;
