/**
 * The client for Node as a description of the API. Its declarations and its code are parsed by TypeScript, and not
 * run: paths and methods stand in the code alone.
 */
import ts from 'typescript';
import type { JsonObject } from '../../src/core/json.js';
import type { Description, Operation } from './description.js';

/** The texts of a package by name, as the reader of archives gives them. */
export type Texts = Readonly<Record<string, string>>;

const parse = (name: string, text: string): ts.SourceFile =>
  ts.createSourceFile(
    name,
    text,
    ts.ScriptTarget.Latest,
    false,
    name.endsWith('.js') ? ts.ScriptKind.JS : ts.ScriptKind.TS,
  );

const refuse = (file: ts.SourceFile, node: ts.Node, what: string): Error => {
  const { line } = file.getLineAndCharacterOfPosition(node.getStart(file));
  return new Error(`${file.fileName}:${line + 1}: ${what}: ${node.getText(file).slice(0, 80)}`);
};

const keywords: Readonly<Record<number, JsonObject>> = {
  [ts.SyntaxKind.StringKeyword]: { type: 'string' },
  [ts.SyntaxKind.NumberKeyword]: { type: 'number' },
  [ts.SyntaxKind.BooleanKeyword]: { type: 'boolean' },
  [ts.SyntaxKind.UnknownKeyword]: {},
  [ts.SyntaxKind.AnyKeyword]: {},
  [ts.SyntaxKind.ObjectKeyword]: {},
  [ts.SyntaxKind.UndefinedKeyword]: { type: 'null' },
};

/** `Polytomic.bulkSync.Request` is `bulkSync.Request`: the first part is what the file imports all types as. */
const nameOf = (file: ts.SourceFile, node: ts.Node): string => node.getText(file).replace(/^\w+\.(?=\w)/, '');

/** Types of resources within resources are known by the outer one: `bulkSync.Request`. */
const qualified = (file: ts.SourceFile, name: string): string => {
  const outer = /\/resources\/(\w+)\/resources\//.exec(file.fileName)?.[1];
  return outer === undefined ? name : `${outer}.${name}`;
};

const schemaOf = (file: ts.SourceFile, node: ts.TypeNode): JsonObject => {
  const keyword = keywords[node.kind];
  if (keyword !== undefined) return keyword;
  if (ts.isArrayTypeNode(node)) return { type: 'array', items: schemaOf(file, node.elementType) };
  if (ts.isParenthesizedTypeNode(node)) return schemaOf(file, node.type);
  if (ts.isUnionTypeNode(node)) return { anyOf: node.types.map((each) => schemaOf(file, each)) };
  if (ts.isIntersectionTypeNode(node)) return { allOf: node.types.map((each) => schemaOf(file, each)) };
  if (ts.isTypeLiteralNode(node)) return membersOf(file, node.members);
  if (ts.isLiteralTypeNode(node)) {
    if (node.literal.kind === ts.SyntaxKind.NullKeyword) return { type: 'null' };
    if (ts.isStringLiteral(node.literal)) return { enum: [node.literal.text] };
  }
  if (ts.isTypeReferenceNode(node)) {
    const name = nameOf(file, node.typeName);
    const [first, second] = node.typeArguments ?? [];
    if (name === 'Record' && second !== undefined)
      return { type: 'object', additionalProperties: schemaOf(file, second) };
    if (['Array', 'ReadonlyArray', 'Set'].includes(name) && first !== undefined)
      return { type: 'array', items: schemaOf(file, first) };
    if (name === 'Date') return { type: 'string' };
    if (first === undefined) return { $ref: name };
  }
  throw refuse(file, node, 'a type that is not known');
};

const membersOf = (file: ts.SourceFile, members: ts.NodeArray<ts.TypeElement>): JsonObject => {
  const properties: Record<string, JsonObject> = {};
  const required: string[] = [];
  for (const member of members) {
    if (!ts.isPropertySignature(member) || member.type === undefined) continue;
    const { name } = member;
    if (!ts.isIdentifier(name) && !ts.isStringLiteral(name))
      throw refuse(file, member, 'a name that is not known');
    properties[name.text] = schemaOf(file, member.type);
    if (member.questionToken === undefined) required.push(name.text);
  }
  return { type: 'object', properties, required };
};

/** The types of one file of declarations. */
const typesOf = (file: ts.SourceFile): readonly (readonly [name: string, schema: JsonObject])[] =>
  file.statements.flatMap((node): (readonly [string, JsonObject])[] => {
    if (ts.isTypeAliasDeclaration(node))
      return [[qualified(file, node.name.text), schemaOf(file, node.type)]];
    if (!ts.isInterfaceDeclaration(node)) return [];
    const own = membersOf(file, node.members);
    const parents = (node.heritageClauses ?? [])
      .flatMap(({ types }) => types.map(({ expression }) => nameOf(file, expression)))
      .map((name) => ({ $ref: name }));
    return [[qualified(file, node.name.text), parents.length === 0 ? own : { allOf: [own, ...parents] }]];
  });

const walk = (node: ts.Node, visit: (node: ts.Node) => void): void => {
  visit(node);
  ts.forEachChild(node, (child) => walk(child, visit));
};

/** What the code of a method sends: names of its query, and which of its parts is the body. */
interface Sent {
  readonly method: string;
  readonly path: string;
  readonly query: readonly string[];
  readonly body?: 'whole' | 'rest' | 'body';
  /** Properties of the request that are no part of the body. */
  readonly beside: readonly string[];
}

const textOf = (node: ts.Node): string | undefined =>
  ts.isStringLiteralLike(node)
    ? node.text
    : ts.isTemplateExpression(node)
      ? node.head.text + node.templateSpans.map(({ literal }) => `{}${literal.text}`).join('')
      : undefined;

const propertyOf = (object: ts.ObjectLiteralExpression, name: string): ts.Expression | undefined =>
  object.properties.find(
    (each): each is ts.PropertyAssignment =>
      ts.isPropertyAssignment(each) && ts.isIdentifier(each.name) && each.name.text === name,
  )?.initializer;

const nodesOf = <T extends ts.Node>(root: ts.Node, is: (node: ts.Node) => node is T): readonly T[] => {
  const found: T[] = [];
  walk(root, (node) => {
    if (is(node)) found.push(node);
  });
  return found;
};

/** What a method takes out of its request by name, and whether one of it is the body. */
const takenFrom = (
  file: ts.SourceFile,
  method: ts.Node,
): { readonly beside: readonly string[]; readonly named: boolean } => {
  const elements = nodesOf(method, ts.isVariableDeclaration)
    .filter(({ initializer }) => initializer?.getText(file) === 'request')
    .flatMap(({ name }) => (ts.isObjectBindingPattern(name) ? [...name.elements] : []))
    .filter(({ dotDotDotToken }) => dotDotDotToken === undefined);
  return {
    beside: elements.map(({ propertyName, name }) => {
      const property = propertyName ?? name;
      return ts.isStringLiteral(property) ? property.text : property.getText(file);
    }),
    named: elements.some(({ name }) => name.getText(file) === '_body'),
  };
};

const sentBy = (file: ts.SourceFile, method: ts.MethodDeclaration): Sent | undefined => {
  const [asked] = nodesOf(method, ts.isCallExpression)
    .filter(({ expression }) => /\bfetcher\)?$/.test(expression.getText(file)))
    .flatMap(({ arguments: [argument] }) =>
      argument !== undefined && ts.isObjectLiteralExpression(argument) ? [argument] : [],
    );
  if (asked === undefined) return undefined;
  const url = propertyOf(asked, 'url');
  const where = url !== undefined && ts.isCallExpression(url) ? url.arguments.at(-1) : undefined;
  const path = where === undefined ? undefined : textOf(where);
  const verb = propertyOf(asked, 'method');
  if (path === undefined || verb === undefined) throw refuse(file, asked, 'a request without path or method');
  const query = nodesOf(method, ts.isElementAccessExpression)
    .filter(({ expression }) => expression.getText(file) === '_queryParams')
    .map(({ argumentExpression }) => textOf(argumentExpression) ?? '');
  const { beside, named } = takenFrom(file, method);
  const body = propertyOf(asked, 'body')?.getText(file);
  return {
    method: textOf(verb) ?? '',
    path: `/${path.replace(/^\//, '')}`,
    query: [...new Set(query)],
    beside,
    ...(body === undefined ? {} : { body: body === 'request' ? 'whole' : named ? 'body' : 'rest' }),
  };
};

const methodsOf = (file: ts.SourceFile): readonly ts.MethodDeclaration[] =>
  nodesOf(file, ts.isClassLike).flatMap(({ members }) => members.filter(ts.isMethodDeclaration));

const without = (schema: JsonObject, names: readonly string[]): JsonObject => ({
  type: 'object',
  properties: Object.fromEntries(
    Object.entries((schema['properties'] ?? {}) as JsonObject).filter(([name]) => !names.includes(name)),
  ),
  required: ((schema['required'] ?? []) as readonly string[]).filter((name) => !names.includes(name)),
});

const bodyOf = (sent: Sent, request: JsonObject, types: Description['types']): JsonObject => {
  if (sent.body === 'whole') return request;
  const resolved = typeof request['$ref'] === 'string' ? (types[request['$ref']] ?? {}) : request;
  if (sent.body === 'rest') return without(resolved, sent.beside);
  return ((resolved['properties'] ?? {}) as Readonly<Record<string, JsonObject>>)['body'] ?? {};
};

/** What a method of the declarations takes as its request, and promises. */
const promised = (
  file: ts.SourceFile,
  method: ts.MethodDeclaration,
): { readonly request?: JsonObject; readonly answer?: JsonObject } => {
  const request = method.parameters.find(({ name }) => name.getText(file) === 'request')?.type;
  const inside =
    method.type !== undefined && ts.isTypeReferenceNode(method.type)
      ? method.type.typeArguments?.[0]
      : undefined;
  const answer = inside === undefined || inside.kind === ts.SyntaxKind.VoidKeyword ? undefined : inside;
  return {
    ...(request === undefined ? {} : { request: schemaOf(file, request) }),
    ...(answer === undefined
      ? {}
      : { answer: answer.getText(file).endsWith('Readable') ? {} : schemaOf(file, answer) }),
  };
};

/** What each method of a client asks for: by its code, and by the types of its declaration. */
const operationsOf = (
  code: ts.SourceFile,
  declared: ts.SourceFile | undefined,
  types: Description['types'],
): readonly Operation[] =>
  methodsOf(code).flatMap((method): Operation[] => {
    const sent = sentBy(code, method);
    if (sent === undefined) return [];
    const name = method.name.getText(code);
    const signature = declared && methodsOf(declared).find((each) => each.name.getText(declared) === name);
    if (declared === undefined || signature === undefined)
      throw refuse(code, method.name, 'a method without a declaration');
    const { request, answer } = promised(declared, signature);
    if (sent.body !== undefined && request === undefined)
      throw refuse(code, method.name, 'a body without a type');
    return [
      {
        method: sent.method,
        path: sent.path,
        query: sent.query,
        ...(sent.body === undefined ? {} : { body: bodyOf(sent, request ?? {}, types) }),
        ...(answer === undefined ? {} : { answer }),
      },
    ];
  });

/** The description that the client's texts hold. Throws, with file and line, for what it cannot understand. */
export const describeNpmClient = (texts: Texts): Description => {
  const files = Object.entries(texts).map(([name, text]) => parse(name, text));
  const types: Record<string, JsonObject> = {};
  for (const file of files.filter(({ fileName }) => /\/(types|requests)\/\w+\.d\.ts$/.test(fileName)))
    for (const [name, schema] of typesOf(file)) {
      if (JSON.stringify(types[name] ?? schema) !== JSON.stringify(schema))
        throw new Error(`two types of the name ${name}`);
      types[name] = schema;
    }
  const byName = new Map(files.map((file) => [file.fileName, file]));
  const operations = files
    .filter(({ fileName }) => fileName.endsWith('/Client.js'))
    .flatMap((code) => operationsOf(code, byName.get(code.fileName.replace(/\.js$/, '.d.ts')), types));
  return { operations, types };
};
