import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createScrubber } from '../../src/core/scrub.js';
import { redact, reveal, Secret, secretsOf } from '../../src/core/secret.js';
import { didYouMean } from '../../src/core/suggest.js';
import { printable } from '../../src/core/text.js';

const secret = new Secret('${secret:X}', 'open sesame');

describe('a secret', () => {
  it('cannot print itself in any way', () => {
    for (const text of [
      String(secret),
      secret.toString(),
      JSON.stringify({ secret }),
      inspect({ a: [secret] }, { showHidden: true, depth: 9 }),
      JSON.stringify(Object.entries(secret)),
    ])
      expect(text).not.toContain('sesame');
  });

  it('is found, hidden and shown at its place in a document', () => {
    const document = { 'a/b': [1, { c: secret }], d: null };
    expect(secretsOf(document)).toEqual([['/a~1b/1/c', secret]]);
    expect(redact(document)).toEqual({ 'a/b': [1, { c: '(secret)' }], d: null });
    expect(reveal(document)).toEqual({ 'a/b': [1, { c: 'open sesame' }], d: null });
  });

  it('without a value is never sent', () => {
    expect(() => reveal({ a: new Secret('${secret:X}', undefined) })).toThrow('${secret:X} is not known');
  });

  it('is scrubbed out of any text that echoes it', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 4, maxLength: 20 }),
        fc.string(),
        fc.string(),
        (value, before, after) => {
          const scrub = createScrubber([new Secret('x', value)]);
          for (const echo of [value, encodeURIComponent(value), Buffer.from(value).toString('base64')])
            expect(scrub(`${before}${echo}${after}`).split('(secret)').join('')).not.toContain(value);
        },
      ),
    );
  });
});

describe('text for people', () => {
  it('holds no control characters', () => {
    expect(printable('a\u001b[2J\r\nb\u202ec')).toBe('a\\u{1b}[2J\\u{d}\\u{a}b\\u{202e}c');
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => !/\p{Cc}/u.test(printable(text))));
  });

  it('suggests what is near, the whole choice where it is short, and nothing else', () => {
    expect(didYouMean('tarGet', ['target', 'source'])).toBe('did you mean "target"?');
    expect(didYouMean('zzzzzzzz', ['target', 'source'])).toBe('one of: target, source');
    expect(
      didYouMean(
        'zzzzzzzz',
        Array.from({ length: 20 }, (_, index) => `target${index}`),
      ),
    ).toBeUndefined();
  });
});
