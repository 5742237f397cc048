/** What differs between the versions of the API, as its reference documents them. */
export interface Version {
  readonly name: string;
  readonly updateMethod: 'PATCH' | 'PUT';
  /** Lists of syncs are pages of summaries. */
  readonly summaries: boolean;
  /** Enumeration at connections/{id}/source and …/target, as in the quickstart; else below …/modelsync. */
  readonly oldEnumeration: boolean;
}

const list: readonly Version[] = [
  { name: '2022-12-12', updateMethod: 'PATCH', summaries: false, oldEnumeration: true },
  { name: '2023-04-25', updateMethod: 'PATCH', summaries: false, oldEnumeration: true },
  { name: '2024-02-08', updateMethod: 'PUT', summaries: false, oldEnumeration: false },
  { name: '2025-09-18', updateMethod: 'PUT', summaries: true, oldEnumeration: false },
];

/** The version of a request; the oldest where the header is absent, as the notes on the API say. */
export const versionOf = (header: string | undefined): Version | undefined =>
  list.find(({ name }) => name === (header ?? list[0]?.name));
