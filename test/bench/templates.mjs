// Load and validate 5,000 instances of one template, against parsing the same resources written out.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseAllDocuments } from 'yaml';
import { loadSettings, validateWorkspace } from '../../dist/index.js';
import { median, ms, ratioRow, row, runCli, temporary, timed } from './measure.mjs';

const INSTANCES = 5000;
/** Fields of a sync: what a team copies from one to the next. */
const FIELDS = 12;

const connections = `kind: Connection
key: db
name: Database
type: postgresql
configuration: { hostname: db.example.com, port: 5432, database: app, username: sync }
---
kind: Connection
key: crm
name: CRM
type: salesforce
external: true
`;

/** A sync of a model that is there already, by what differs between two of them. */
const sync = (indent, { key, name, table, hour }) =>
  [
    'kind: Sync',
    `key: ${key}`,
    `name: ${name}`,
    'mode: updateOrCreate',
    'labels: { team: growth }',
    'identity: { source: all.email, target: EMAIL, function: Equality }',
    'fields:',
    ...Array.from(
      { length: FIELDS },
      (_, index) => `  - { source: all.field_${index}, target: FIELD_${index} }`,
    ),
    'filters:',
    `  - { field: all.id, function: GreaterThan, value: 5 }`,
    `schedule: { frequency: daily, hour: ${hour}, minute: '00' }`,
    `target: { connection: crm, object: "${table}" }`,
  ]
    .map((line, index) => `${' '.repeat(index === 0 ? 0 : indent)}${line}`)
    .join('\n');

const template = `kind: Template
key: one-sync
parameters:
  table: { type: string }
  hour: { type: integer, minimum: 0, maximum: 23, default: 5 }
key_from: [table]
resources:
  - ${sync(4, { key: '${param.key}', name: 'Sync of ${param.table}', table: '${param.table}', hour: '"${param.hour}"' })}
`;

const model = 'kind: Model\nkey: all\nname: All\nconnection: db\nconfiguration: { table: a.b }\n';

export const run = () =>
  temporary(async (folder) => {
    await mkdir(path.join(folder, 'polytomic'));
    const write = async (file, text) => writeFile(path.join(folder, 'polytomic', file), text);
    await write('base.yaml', `${connections}---\n${model}`);
    await write('template.yaml', template);
    const sets = Array.from({ length: INSTANCES }, (_, number) => ({
      table: `t${number}`,
      hour: number % 24,
    }));
    await write(
      'instances.yaml',
      `kind: Instances\ntemplate: one-sync\ninstances:\n${sets.map(({ table, hour }) => `  - { table: ${table}, hour: ${hour} }\n`).join('')}`,
    );
    const written = [];
    for (let start = 0; start < INSTANCES; start += 10)
      written.push(
        sets
          .slice(start, start + 10)
          .map(({ table, hour }) => `${sync(0, { key: table, name: `Sync of ${table}`, table, hour })}\n`)
          .join('---\n'),
      );
    const settings = await loadSettings({ cwd: folder, environment: {} });
    const parse = () =>
      written.forEach((text) =>
        parseAllDocuments(text, { merge: true }).forEach((document) => document.toJS()),
      );
    const load = async () => {
      const { desired, diagnostics } = await validateWorkspace({ settings });
      if (desired?.resources.length !== INSTANCES + 3) throw new Error(JSON.stringify(diagnostics[0]));
    };
    const times = { parse: [], load: [] };
    for (let turn = 0; turn < 5; turn += 1) {
      times.parse.push(await timed(parse));
      times.load.push(await timed(load));
    }
    const [own, alone] = [median(times.load), median(times.parse)];
    ratioRow(
      'load and validate 5,000 instances of a template',
      own / alone,
      3,
      '`yaml` parsing the same resources written out',
      `${ms(own)}, yaml ${ms(alone)}`,
    );
    const { memory } = await runCli(folder, {}, 'validate');
    row('memory of that', `${Math.round(memory)} MB`, '400 MB', memory <= 400, 'a `validate` of its own');
  });
