/**
 * Which Terraform resource stands for which id: read out of a state, or of what `terraform show -json` prints. A state
 * holds secrets in clear, so that each value is heard once and let go, but for those that name a resource. Pure.
 */
import { printParseErrorCode, visit, type JSONPath } from 'jsonc-parser';
import type { Diagnostic } from '../core/diagnostics.js';
import { escapePointer } from '../core/secret.js';
import { printable } from '../core/text.js';

/** A resource of Polytomic in a Terraform state. */
export interface TerraformResource {
  /** As Terraform writes it: `module.crm.polytomic_model.customers["eu"]`. */
  readonly address: string;
  readonly type: string;
  readonly name: string;
  /** The modules that it is in, with their indexes: `module.crm`; empty in the root. */
  readonly module: string;
  /** Of `count` or `for_each`. */
  readonly index?: string | number;
  /** It is looked up there, and not managed. */
  readonly data: boolean;
  readonly id: string;
}

export interface TerraformRead {
  readonly resources: readonly TerraformResource[];
  readonly diagnostics: readonly Diagnostic[];
}

const PREFIX = 'polytomic_';

/** Nobody's ids and names are longer; what is, is not looked up. */
const LONGEST = 1000;

/**
 * Where the values stand that are kept: of a state of format 4, then of the output of `show`, alone or within a plan. The
 * first group is the object that a value is of, the last what it says of it.
 */
const places: readonly RegExp[] = [
  /^()\/(version|format_version|encrypted_data)$/,
  /^(\/resources\/\d+)\/(module|mode|type|name)$/,
  /^(\/resources\/\d+\/instances\/\d+)\/(index_key|deposed|attributes\/id|attributes_flat\/id)$/,
  /^((?:\/prior_state)?\/values\/root_module(?:\/child_modules\/\d+)*\/resources\/\d+)\/(mode|type|name|index|deposed_key|values\/id)$/,
  /^((?:\/prior_state)?\/values\/root_module(?:\/child_modules\/\d+)+)\/(address)$/,
];

/** The last parts of these places: of all other values not even the path is asked for. */
const lastParts: ReadonlySet<string> = new Set([
  ...['version', 'format_version', 'encrypted_data', 'module', 'mode', 'type', 'name'],
  ...['index_key', 'index', 'deposed', 'deposed_key', 'id', 'address'],
]);

interface Kept {
  /** What is kept, by the pointer of its object. */
  readonly objects: ReadonlyMap<string, ReadonlyMap<string, string | number>>;
  /** Where the version stands. */
  readonly version: { readonly line: number; readonly column: number };
  readonly fault?: { readonly what: string; readonly line: number; readonly column: number };
}

const keepNames = (text: string): Kept => {
  const objects = new Map<string, Map<string, string | number>>();
  let version = { line: 1, column: 1 };
  let fault: Kept['fault'];
  let property = '';
  visit(
    text,
    {
      onObjectProperty: (name) => {
        property = name;
      },
      onLiteralValue: (value: unknown, _offset, _length, line, column, path: () => JSONPath) => {
        if (!lastParts.has(property) || (typeof value !== 'string' && typeof value !== 'number')) return;
        if (String(value).length > LONGEST && property !== 'encrypted_data') return;
        const pointer = path()
          .map((segment) => `/${escapePointer(String(segment))}`)
          .join('');
        const found = places.map((place) => place.exec(pointer)).find((each) => each !== null);
        const [, owner, name] = found ?? [];
        if (owner === undefined || name === undefined) return;
        const own = objects.get(owner) ?? new Map<string, string | number>();
        objects.set(owner, own.set(name, name === 'encrypted_data' ? '' : value));
        if (owner === '' && name !== 'encrypted_data') version = { line: line + 1, column: column + 1 };
      },
      onError: (error, _offset, _length, line, column) => {
        fault ??= { what: printParseErrorCode(error), line: line + 1, column: column + 1 };
      },
    },
    { disallowComments: true },
  );
  return { objects, version, ...(fault === undefined ? {} : { fault }) };
};

const textOf = (value: string | number | undefined): string => (value === undefined ? '' : String(value));

/** As Terraform writes the key of an instance: a text as in its own language, where `${` begins something. */
const keyText = (index: string | number): string => JSON.stringify(index).replaceAll(/([$%])\{/g, '$1$1{');

const addressOf = (resource: Omit<TerraformResource, 'address' | 'id'>): string =>
  [
    ...(resource.module === '' ? [] : [resource.module]),
    ...(resource.data ? ['data'] : []),
    resource.type,
    `${resource.name}${resource.index === undefined ? '' : `[${keyText(resource.index)}]`}`,
  ].join('.');

/** A resource of Polytomic with an id; nothing for what Terraform is about to delete. */
const resourceOf = (
  own: ReadonlyMap<string, string | number>,
  of: {
    readonly module: string;
    readonly index: string | number | undefined;
    readonly id: string | number | undefined;
    readonly deposed: string | number | undefined;
  },
): readonly TerraformResource[] => {
  const [type, name, id] = [textOf(own.get('type')), textOf(own.get('name')), textOf(of.id)];
  if (!type.startsWith(PREFIX) || name === '' || id === '' || textOf(of.deposed) !== '') return [];
  const resource = {
    type,
    name,
    module: of.module,
    data: own.get('mode') === 'data',
    ...(of.index === undefined ? {} : { index: of.index }),
  };
  return [{ ...resource, address: addressOf(resource), id }];
};

const resourcesIn = ({ objects }: Kept): readonly TerraformResource[] =>
  [...objects].flatMap(([pointer, own]) => {
    const [, resource] = /^(\/resources\/\d+)\/instances\/\d+$/.exec(pointer) ?? [];
    if (resource !== undefined) {
      const shared = objects.get(resource) ?? new Map<string, string | number>();
      return resourceOf(shared, {
        module: textOf(shared.get('module')),
        index: own.get('index_key'),
        id: own.get('attributes/id') ?? own.get('attributes_flat/id'),
        deposed: own.get('deposed'),
      });
    }
    const [, module] = /^(.*\/root_module.*)\/resources\/\d+$/.exec(pointer) ?? [];
    if (module === undefined) return [];
    return resourceOf(own, {
      module: textOf(objects.get(module)?.get('address')),
      index: own.get('index'),
      id: own.get('values/id'),
      deposed: own.get('deposed_key'),
    });
  });

const ASK = 'give what `terraform show -json` prints in place of it';

/** What is wrong with the version of a file; undefined where it can be read. */
const versionProblem = (
  head: ReadonlyMap<string, string | number>,
): Pick<Diagnostic, 'code' | 'message' | 'hint'> | undefined => {
  const [state, shown] = [head.get('version'), head.get('format_version')];
  if (head.has('encrypted_data'))
    return {
      code: 'terraform-encrypted',
      message: 'the state is encrypted, and nothing can be read of it',
      hint: 'give what `tofu show -json` prints in place of it',
    };
  if (state === 4 || (typeof shown === 'string' && /^[01]\.\d+$/.test(shown))) return undefined;
  if (state === undefined && shown === undefined)
    return {
      code: 'no-terraform-state',
      message:
        'this is neither a Terraform state nor what `terraform show -json` prints: it names no version',
      hint: 'give the file that `terraform state pull` prints',
    };
  return {
    code: 'terraform-version',
    message:
      state === undefined
        ? `the output of \`terraform show -json\` has the format ${printable(textOf(shown)).slice(0, 40)}; this version reads 0.x and 1.x`
        : `the state has the format ${printable(textOf(state)).slice(0, 40)}; this version reads 4, that of Terraform 0.12 and later`,
    hint:
      typeof state === 'number' && state < 4
        ? 'run `terraform init` and `terraform apply -refresh-only` with a newer Terraform first'
        : state === undefined
          ? 'give the file that `terraform state pull` prints in place of it'
          : ASK,
  };
};

/**
 * The resources of Polytomic that a file names, or what is wrong with it. Never throws for what the text holds, and no
 * finding repeats any of it but a version: it may be a secret.
 */
export const readTerraform = (file: string, text: string): TerraformRead => {
  const fail = (
    problem: Pick<Diagnostic, 'code' | 'message' | 'hint'>,
    { line, column }: { readonly line: number; readonly column: number },
  ): TerraformRead => ({
    resources: [],
    diagnostics: [{ severity: 'error', ...problem, place: { file, line, column } }],
  });
  let kept: Kept;
  try {
    kept = keepNames(text);
  } catch (error) {
    // The parser descends by recursion; the text decides how far.
    if (!(error instanceof RangeError)) throw error;
    return fail(
      { code: 'bad-terraform', message: 'values are nested more deeply than in any state', hint: ASK },
      { line: 1, column: 1 },
    );
  }
  const { fault } = kept;
  if (fault !== undefined) {
    const what = fault.what.replaceAll(/(?!^)[A-Z]/g, (letter) => ` ${letter}`).toLowerCase();
    return fail(
      {
        code: 'bad-terraform',
        message: `the file is no JSON: ${what}`,
        hint: 'write it anew: terraform state pull > terraform.tfstate',
      },
      fault,
    );
  }
  const problem = versionProblem(kept.objects.get('') ?? new Map());
  if (problem !== undefined) return fail(problem, kept.version);
  const resources = resourcesIn(kept);
  return resources.length > 0
    ? { resources, diagnostics: [] }
    : fail(
        {
          code: 'no-terraform-resources',
          message: 'no resource of Polytomic has an id in it',
          hint: 'is it the state of the right workspace?',
        },
        { line: 1, column: 1 },
      );
};
