// The rooms of the design, lowest first. A room may import itself and the rooms named here, nothing else.
const rooms = {
  core: [],
  generated: [],
  files: ['core'],
  api: ['core'],
  kinds: ['core', 'api', 'generated'],
  load: ['core', 'kinds', 'api', 'generated'],
  format: ['core', 'kinds', 'api', 'generated'],
  live: ['core', 'kinds', 'api'],
  state: ['core', 'files'],
  plan: ['core', 'kinds', 'load', 'live', 'state'],
  rules: ['core', 'generated', 'kinds', 'load', 'live', 'state', 'plan'],
  export: ['core', 'kinds', 'api', 'load', 'live', 'state', 'plan'],
  preflight: ['core', 'kinds', 'api', 'load', 'live', 'state', 'plan'],
  apply: ['core', 'kinds', 'api', 'load', 'live', 'state', 'plan'],
  report: ['core', 'api', 'kinds', 'load', 'live', 'state', 'plan', 'rules', 'apply', 'export'],
  sandbox: ['core', 'files'],
};

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    ...Object.entries(rooms).map(([room, below]) => ({
      name: `${room}-imports-only-lower-rooms`,
      severity: 'error',
      from: { path: `^src/${room}/` },
      to: { path: '^src/', pathNot: `^src/(${[room, ...below].join('|')})/` },
    })),
    {
      name: 'faces-know-no-other',
      comment: 'The command line and the Action are two faces of one library; the Action has no sandbox.',
      severity: 'error',
      from: { path: '^src/action/' },
      to: { path: '^src/(cli|sandbox)/' },
    },
    {
      name: 'action-is-a-face',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/action/' },
      to: { path: '^src/action/' },
    },
    {
      name: 'plan-is-pure',
      comment: 'A plan is a function of its inputs: no network, no file, no clock.',
      severity: 'error',
      from: { path: '^src/(plan|rules|core)/' },
      to: { path: '^(node:)?(fs|fs/promises|http|https|net|child_process|timers|os|process)$' },
    },
    {
      name: 'tests-stay-outside',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|examples)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.json'] },
  },
};
