/** What GitHub reads beside the code: issue forms by its rules, a container of the versions that this project wants. */
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { SITE } from '../../src/core/site.js';

const folder = '.github/ISSUE_TEMPLATE';
const forms = (await readdir(folder)).filter((file) => file !== 'config.yml');
const yaml = async (file: string): Promise<unknown> => parse(await readFile(file, 'utf8'));

interface Element {
  readonly type: string;
  readonly id?: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly validations?: { readonly required?: boolean };
}
interface Form {
  readonly name: string;
  readonly description: string;
  readonly labels?: readonly string[];
  readonly body: readonly Element[];
}

/** What each element has to have, and may have, by GitHub's documentation of issue forms. */
const attributes: Readonly<
  Record<string, { readonly needs: readonly string[]; readonly may: readonly string[] }>
> = {
  markdown: { needs: ['value'], may: [] },
  input: { needs: ['label'], may: ['description', 'placeholder', 'value'] },
  textarea: { needs: ['label'], may: ['description', 'placeholder', 'value', 'render'] },
  dropdown: { needs: ['label', 'options'], may: ['description', 'multiple', 'default'] },
  checkboxes: { needs: ['label', 'options'], may: ['description'] },
};

describe.each(forms)('the issue form %s', async (file) => {
  const form = (await yaml(path.join(folder, file))) as Form;

  it('has the keys that GitHub wants, and no others', () => {
    const known = ['name', 'description', 'title', 'labels', 'assignees', 'projects', 'type', 'body'];
    expect(Object.keys(form).filter((key) => !known.includes(key))).toEqual([]);
    expect([form.name, form.description].every((text) => text.length > 3 && text.length <= 200)).toBe(true);
    expect(form.body.some(({ type }) => type !== 'markdown')).toBe(true);
  });

  it('has elements with what their type needs', () => {
    const ids = form.body.flatMap(({ id }) => id ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { type, id, attributes: given, validations } of form.body) {
      const { needs, may } = attributes[type] ?? { needs: ['a type that there is'], may: [] };
      const label = `${file} ${id ?? type}`;
      expect([label, needs.filter((name) => given[name] === undefined)]).toEqual([label, []]);
      expect([label, Object.keys(given).filter((name) => ![...needs, ...may].includes(name))]).toEqual([
        label,
        [],
      ]);
      if (id !== undefined) expect(id).toMatch(/^[A-Za-z0-9_-]+$/);
      if (type === 'markdown') expect(validations).toBeUndefined();
      if (type === 'dropdown')
        expect(new Set(given['options'] as string[]).size).toBe((given['options'] as string[]).length);
      if (type === 'checkboxes')
        for (const option of given['options'] as { readonly label?: string }[])
          expect(option.label).toBeTypeOf('string');
    }
  });
});

describe('what contributors and reporters need', () => {
  it('leads elsewhere what is no issue, and to pages that there are', async () => {
    const config = (await yaml(path.join(folder, 'config.yml'))) as {
      readonly blank_issues_enabled: boolean;
      readonly contact_links: readonly {
        readonly name: string;
        readonly url: string;
        readonly about: string;
      }[];
    };
    expect(config.blank_issues_enabled).toBe(false);
    for (const { name, url, about } of config.contact_links) {
      expect([name, about].every((text) => text.length > 3)).toBe(true);
      expect(url).toMatch(/^https:\/\//);
      if (url.startsWith(SITE)) expect(existsSync(`docs${url.slice(SITE.length)}.md`)).toBe(true);
    }
  });

  it('is there, with a container of a Node that the project takes', async () => {
    for (const file of [
      'CONTRIBUTING.md',
      'SECURITY.md',
      'CODE_OF_CONDUCT.md',
      '.github/pull_request_template.md',
    ])
      expect(existsSync(file)).toBe(true);
    const container = JSON.parse(await readFile('.devcontainer/devcontainer.json', 'utf8')) as {
      readonly image: string;
      readonly postCreateCommand: string;
    };
    expect(Number(/typescript-node:(\d+)/.exec(container.image)?.[1])).toBeGreaterThanOrEqual(20);
    expect(container.postCreateCommand).toContain('npm ci');
  });
});
