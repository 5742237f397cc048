/** Colours, where there are any. */
import pc from 'picocolors';

export interface Style {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly cyan: (text: string) => string;
}

/** The style of a terminal, or one that changes nothing. */
export const createStyle = (colour: boolean): Style => pc.createColors(colour);
