/** A headless Chromium, where the machine has one. */
import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const places = [
  process.env['CHROMIUM'] ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];

/** Where it is; undefined where there is none. `CHROMIUM` names another one. */
export const executable = places.find((place) => place !== '' && existsSync(place));

export const launch = async (): Promise<Browser> =>
  chromium.launch({
    ...(executable === undefined ? {} : { executablePath: executable }),
    // Containers run as root and without user namespaces; the pages are our own.
    args: ['--no-sandbox'],
  });
