/** A secret is taken out of a text in whatever form somebody echoes it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createScrubber, createScrubbing } from '../../src/core/scrub.js';
import { Secret } from '../../src/core/secret.js';

/** How programs write a text into another one. */
const writers: readonly (readonly [name: string, write: (text: string) => string])[] = [
  ['as it is', (text) => text],
  ['in JSON', (text) => JSON.stringify(text).slice(1, -1)],
  [
    'in JSON of ASCII alone',
    (text) =>
      JSON.stringify(text)
        .slice(1, -1)
        .replaceAll(/[^\x20-\x7e]/g, (unit) => `\\u${hex(unit, 4)}`),
  ],
  [
    'in JSON of ASCII alone, in capitals',
    (text) =>
      JSON.stringify(text)
        .slice(1, -1)
        .replaceAll(/[^\x20-\x7e]/g, (unit) => `\\u${hex(unit, 4).toUpperCase()}`),
  ],
  [
    'in JSON as Go writes it',
    (text) =>
      JSON.stringify(text)
        .slice(1, -1)
        .replaceAll(/[<>&\u2028\u2029]/g, (unit) => `\\u${hex(unit, 4)}`),
  ],
  ['in JSON as PHP writes it', (text) => JSON.stringify(text).slice(1, -1).replaceAll('/', '\\/')],
  ['in JSON in JSON', (text) => JSON.stringify(JSON.stringify(text).slice(1, -1)).slice(1, -1)],
  ['in an address', encodeURIComponent],
  [
    'in an address, in small letters',
    (text) => encodeURIComponent(text).replaceAll(/%../g, (code) => code.toLowerCase()),
  ],
  ['in a form', (text) => new URLSearchParams({ a: text }).toString().slice(2)],
  ['in the path of an address', (text) => encodeURI(text)],
  [
    'in HTML as Go writes it',
    (text) =>
      text
        .replaceAll('&', '&amp;')
        .replaceAll("'", '&#39;')
        .replaceAll('<', '&lt;')
        .replaceAll('>', '&gt;')
        .replaceAll('"', '&#34;'),
  ],
  [
    'in HTML as Python writes it',
    (text) =>
      text
        .replaceAll('&', '&amp;')
        .replaceAll('<', '&lt;')
        .replaceAll('>', '&gt;')
        .replaceAll('"', '&quot;')
        .replaceAll("'", '&#x27;'),
  ],
  [
    'in HTML by numbers',
    (text) =>
      Array.from(text)
        .map((sign) => `&#${sign.codePointAt(0) ?? 0};`)
        .join(''),
  ],
];

const hex = (unit: string, digits: number): string => unit.charCodeAt(0).toString(16).padStart(digits, '0');

/** Letters, signs and letters of others; nothing that is no text at all. */
const value = fc
  .string({ unit: 'grapheme', minLength: 4, maxLength: 24 })
  .filter(
    (text) =>
      !/[\uD800-\uDFFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/.test(text) &&
      text.trim().length >= 4 &&
      !'(secret)'.includes(text.trim()),
  );

const around = fc.constantFrom('', ' ', '"', 'password=', '\\', '%', '&', '{"a":"', 'über ');

describe.each(writers)('a secret that is written %s', (_name, write) => {
  it('is taken out', () => {
    fc.assert(
      fc.property(value, around, around, (text, before, after) => {
        const scrub = createScrubber([new Secret('x', text)]);
        const echo = write(text);
        expect(scrub(`${before}${echo}${after}`)).not.toContain(echo);
      }),
    );
  });
});

const texts: readonly string[] = ['canary-4711', 'ä "quoted" & <b>/\\ +%', "it's\ta\nsecret"];

describe.each(texts)('the secret %j', (text) => {
  const scrub = createScrubber([new Secret('x', text)]);
  const bytes = Buffer.from(text);

  it.each([
    ['base64', bytes.toString('base64')],
    ['base64 without its end', bytes.toString('base64').replace(/=+$/, '')],
    ['base64url', bytes.toString('base64url')],
    ['hexadecimal digits', bytes.toString('hex')],
    ['capital hexadecimal digits', bytes.toString('hex').toUpperCase()],
  ])('in %s is taken out', (_form, echo) => {
    expect(scrub(`a ${echo} b`)).not.toContain(echo.replace(/=+$/, ''));
  });

  it('in the base64 of something longer leaves nothing of itself', () => {
    for (const user of ['a', 'ab', 'abc', 'user'])
      for (const tail of ['', ':x', ':xyz']) {
        const echo = Buffer.from(`${user}:${text}${tail}`).toString('base64');
        const [rest = ''] = scrub(echo).split('(secret)');
        expect(scrub(echo)).toContain('(secret)');
        expect(Buffer.from(rest, 'base64').toString()).not.toContain(text.slice(0, 4));
      }
  });
});

describe('of a structured secret', () => {
  it.each([
    [
      'a line of a key',
      '-----BEGIN PRIVATE KEY-----\nMIIEabcdefgh\nQUJDRElqa2w=\n-----END PRIVATE KEY-----\n',
      'QUJDRElqa2w=',
    ],
    ['a line with another end', 'first-line\r\nsecond-line', 'second-line'],
    [
      'a field of JSON',
      '{"type":"service_account","private_key":"abc-canary","n":[{"id":"deep-canary"}]}',
      'deep-canary',
    ],
    ['a line in a field of JSON', JSON.stringify({ private_key: 'one-line\ntwo-canary\n' }), 'two-canary'],
    ['a long number in JSON', '{"id":1234567890123}', '1234567890123'],
    ['the password of an address', 'postgres://app:hunter%2Fcanary@db/x', 'hunter/canary'],
    ['the password of an address, as it is there', 'postgres://app:hunter%2Fcanary@db/x', 'hunter%2Fcanary'],
    ['a setting of a connection string', 'Server=db;Password=pass-canary;Database=x', 'pass-canary'],
    ['what stands between spaces', '  padded-canary  ', 'padded-canary'],
  ])('%s is one by itself', (_what, whole, part) => {
    const scrub = createScrubber([new Secret('x', whole)]);
    expect(scrub(`login with ${part} failed`)).toBe('login with (secret) failed');
  });

  it('what is put together from several is one in each of them', () => {
    const composed = new Secret('https://u:${secret:X}@h', 'https://u:canary@h', undefined, ['canary']);
    expect(createScrubber([composed])('canary, https://u:canary@h')).toBe('(secret), (secret)');
    expect(createScrubber([composed.meaning(1)])('canary')).toBe('(secret)');
  });

  it('the ends of a key and short words stay', () => {
    const pem = new Secret('x', '-----BEGIN PRIVATE KEY-----\nMIIEabcdefgh\n-----END PRIVATE KEY-----');
    expect(createScrubber([pem])('-----BEGIN PRIVATE KEY-----')).toBe('-----BEGIN PRIVATE KEY-----');
    const json = new Secret('x', '{"port":5432,"ssl":"on"}');
    expect(createScrubber([json])('port 5432 is on')).toBe('port 5432 is on');
  });
});

describe('a body', () => {
  const { body, learn, text } = createScrubbing([new Secret('x', 'abc'), new Secret('y', '1234')], {
    isSecretName: (name) => name === 'password',
    isMask: (mask) => mask === '****',
  });

  it('holds no whole value that is a secret, however short', () => {
    expect(body('{"a":["abc",1234,"abcd"]}')).toBe('{"a":["(secret)","(secret)","abcd"]}');
    expect(text('abc is too short to be looked for in a text')).toContain('abc');
  });

  it('holds nothing under the name of a secret, whosever it is', () => {
    expect(body('{"configuration":{"password":"theirs","host":"h"},"password":"no configuration"}')).toBe(
      '{"configuration":{"password":"(secret)","host":"h"},"password":"no configuration"}',
    );
  });

  it('teaches what still lives, and no mask', () => {
    learn({
      data: [{ configuration: { password: 'older-canary' } }, { configuration: { password: '****' } }],
    });
    expect(text('older-canary was refused, ****')).toBe('(secret) was refused, ****');
  });

  it('that is none of JSON is a text', () => {
    expect(body('no json: 1234')).toBe('no json: (secret)');
  });
});

describe('several secrets', () => {
  it('leave nothing of themselves where they overlap, whichever begins first', () => {
    const scrub = createScrubber(['abcd-1', 'cd-1234', '1234'].map((value) => new Secret('x', value)));
    expect(scrub('<abcd-1234>')).toBe('<(secret)>');
    expect(scrub('<cd-1234> <abcd-1>')).toBe('<(secret)> <(secret)>');
    expect(scrub('abcd-1cd-1234')).toBe('(secret)(secret)');
  });

  it('are each taken out as if they were alone, however many there are', () => {
    fc.assert(
      fc.property(fc.uniqueArray(value, { minLength: 1, maxLength: 60 }), fc.nat(), (values, chosen) => {
        const echoed = values[chosen % values.length]!;
        const scrub = createScrubber(values.map((each) => new Secret('x', each)));
        const [, write] = writers[chosen % writers.length]!;
        expect(scrub(`a ${write(echoed)} b`)).not.toContain(write(echoed));
      }),
      { numRuns: 200 },
    );
  });
});
