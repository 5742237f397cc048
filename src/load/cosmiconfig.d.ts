/** The class behind `cosmiconfig()`, which the library publishes without its types. */
declare module 'cosmiconfig/dist/Explorer.js' {
  import type { CosmiconfigResult } from 'cosmiconfig';

  export interface ExplorerOptions {
    readonly moduleName: string;
    readonly searchPlaces: readonly string[];
    /** By ending; `default` for every other one. */
    readonly loaders: Readonly<Record<string, (file: string, content: string) => unknown>>;
    readonly transform: (found: CosmiconfigResult) => CosmiconfigResult;
    readonly searchStrategy: 'none' | 'project' | 'global';
    readonly ignoreEmptySearchPlaces: boolean;
    readonly cache: boolean;
  }

  export class Explorer {
    constructor(options: ExplorerOptions);
    search(from: string): Promise<CosmiconfigResult>;
    load(file: string): Promise<CosmiconfigResult>;
  }
}

/** Where the library looks. */
declare module 'cosmiconfig/dist/defaults.js' {
  export const metaSearchPlaces: readonly string[];
  export const globalConfigSearchPlaces: readonly string[];
  export const getDefaultSearchPlaces: (name: string) => readonly string[];
  export const getDefaultSearchPlacesSync: (name: string) => readonly string[];
}
