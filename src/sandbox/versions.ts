/** What differs between the versions of the API, as its reference documents them. */
export interface Version {
  readonly name: string;
  readonly updateMethod: 'PATCH' | 'PUT';
  /** Enumeration at connections/{id}/source and …/target, as in the quickstart; else below …/modelsync. */
  readonly oldEnumeration: boolean;
  /** 2025-09-18: summaries in pages, default_schedule, and what came with it. */
  readonly current: boolean;
}

export const versions: readonly Version[] = [
  { name: '2022-12-12', updateMethod: 'PATCH', oldEnumeration: true, current: false },
  { name: '2023-04-25', updateMethod: 'PATCH', oldEnumeration: true, current: false },
  { name: '2024-02-08', updateMethod: 'PUT', oldEnumeration: false, current: false },
  { name: '2025-09-18', updateMethod: 'PUT', oldEnumeration: false, current: true },
];

/** Which versions have an operation: a filter over the table above. */
export type Within = (version: Version) => boolean;

export const within = {
  current: ({ current }: Version): boolean => current,
  older: ({ current }: Version): boolean => !current,
  oldEnumeration: ({ oldEnumeration }: Version): boolean => oldEnumeration,
  newEnumeration: ({ oldEnumeration }: Version): boolean => !oldEnumeration,
  only20240208: ({ name }: Version): boolean => name === '2024-02-08',
} as const;

/** The version of a request; the oldest where the header is absent, as the notes on the API say. */
export const versionOf = (header: string | undefined): Version | undefined =>
  versions.find(({ name }) => name === (header ?? versions[0]?.name));
