/** Every finding that the sources can make: code, severity, messages and hints, read out of them by TypeScript. */
import path from 'node:path';
import ts from 'typescript';
import { bind, functionOf, textsOf, type Scope } from './evaluate.js';

export interface Found {
  readonly code: string;
  readonly severities: readonly string[];
  readonly messages: readonly string[];
  readonly hints: readonly string[];
  /** Path of the file, with the line. */
  readonly place: string;
}

/** Codes that are put together where they are made. */
const families: Readonly<Record<string, readonly string[]>> = {
  'api-…': ['api-status'],
  'unknown-…': ['unknown-connection', 'unknown-model'],
};

/** What varies alone says nothing. */
const isTelling = (text: string): boolean => /[a-z]{2}/i.test(text);
const isCode = (text: string): boolean => /^[a-z0-9]+(-[a-z0-9]+)*$/.test(text);

/** Where a property of an object comes from: also out of `...(x === undefined ? {} : {hint: x})`. */
const propertyOf = (object: ts.ObjectLiteralExpression, name: string): readonly ts.Expression[] =>
  object.properties.flatMap((each): readonly ts.Expression[] => {
    if (ts.isPropertyAssignment(each) && each.name.getText() === name) return [each.initializer];
    if (ts.isShorthandPropertyAssignment(each) && each.name.text === name) return [each.name];
    if (!ts.isSpreadAssignment(each)) return [];
    const spread = (node: ts.Expression): readonly ts.Expression[] =>
      ts.isParenthesizedExpression(node)
        ? spread(node.expression)
        : ts.isConditionalExpression(node)
          ? [...spread(node.whenTrue), ...spread(node.whenFalse)]
          : ts.isObjectLiteralExpression(node)
            ? propertyOf(node, name)
            : [];
    return spread(each.expression);
  });

/** Whether an object with a code is a finding: its message may come out of another one, and then its severity is said. */
const isFinding = (object: ts.ObjectLiteralExpression): boolean =>
  propertyOf(object, 'message').length > 0 || propertyOf(object, 'severity').length > 0;

/** Whether an argument may be a code: asking for what is called takes long. */
const mayBeCode = (node: ts.Expression): boolean =>
  ts.isStringLiteral(node)
    ? isCode(node.text)
    : ts.isTemplateExpression(node)
      ? isCode(node.head.text.replace(/-$/, ''))
      : ts.isConditionalExpression(node)
        ? mayBeCode(node.whenTrue) || mayBeCode(node.whenFalse)
        : ts.isIdentifier(node) && (node.text === 'code' || node.text === node.text.toUpperCase());

/** Whether an identifier is a parameter, or a part of one. */
const isParameter = (checker: ts.TypeChecker, expression: ts.Expression): boolean => {
  if (!ts.isIdentifier(expression)) return false;
  const symbol = ts.isShorthandPropertyAssignment(expression.parent)
    ? checker.getShorthandAssignmentValueSymbol(expression.parent)
    : checker.getSymbolAtLocation(expression);
  const declaration = symbol?.declarations?.[0];
  return (
    declaration !== undefined &&
    (ts.isParameter(declaration) ||
      (ts.isBindingElement(declaration) && ts.isObjectBindingPattern(declaration.parent)))
  );
};

/**
 * Reads the files. Throws an `Error` that names the place of a finding whose code cannot be told: it would be missing in
 * the reference.
 */
export const findingsIn = (files: readonly string[], root: string): readonly Found[] => {
  const program = ts.createProgram(files, {
    noEmit: true,
    skipLibCheck: true,
    strict: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    types: ['node'],
    resolveJsonModule: true,
  });
  const checker = program.getTypeChecker();
  const found: Found[] = [];
  const placeOf = (node: ts.Node): string => {
    const file = node.getSourceFile();
    const { line } = file.getLineAndCharacterOfPosition(node.getStart());
    return `${path.relative(root, file.fileName)}:${line + 1}`;
  };
  const all = (expressions: readonly ts.Expression[], scope: Scope): readonly string[] =>
    expressions.flatMap((each) => textsOf(checker, each, scope));

  const add = (site: ts.Node, codes: readonly string[], told: Omit<Found, 'code' | 'place'>): void => {
    const known = codes.flatMap((code) => families[code] ?? [code]);
    if (known.length === 0 || !known.every(isCode))
      throw new Error(`${placeOf(site)}: the code of this finding cannot be read; write it as a literal`);
    // Two codes and two messages out of one condition belong together in their order.
    const paired = codes.length > 1 && told.messages.length === known.length;
    known.forEach((code, index) => {
      const own = (texts: readonly string[]): readonly string[] =>
        paired && texts.length === known.length ? texts.slice(index, index + 1) : texts;
      found.push({
        code,
        severities: told.severities.filter((each) => each === 'error' || each === 'warning'),
        messages: own(told.messages).filter(isTelling),
        hints: own(told.hints).filter(isTelling),
        place: placeOf(site),
      });
    });
  };

  /** Functions that are handed the message of a finding whose code is theirs. */
  const makers = new Set<ts.Node>();
  /** Those of them that are called by their name. */
  const reached = new Set<ts.Node>();
  /** The parameter of a function that is the code of a finding. */
  const codeParameter = (parameters: readonly ts.ParameterDeclaration[]): number =>
    parameters.findIndex(({ name, type }) => name.getText() === 'code' && type?.getText() === 'string');

  const ofObject = (object: ts.ObjectLiteralExpression, scope: Scope, site: ts.Node): boolean => {
    const codes = propertyOf(object, 'code');
    if (codes.length === 0 || !isFinding(object)) return false;
    add(site, all(codes, scope), {
      severities: all(propertyOf(object, 'severity'), scope),
      messages: all(propertyOf(object, 'message'), scope),
      hints: all(propertyOf(object, 'hint'), scope),
    });
    return true;
  };

  /** A call of what makes findings: what it makes of these arguments. */
  const ofCall = (call: ts.CallExpression, scope: Scope, site: ts.Node): boolean => {
    if (!ts.isIdentifier(call.expression)) return false;
    const called = functionOf(checker, call.expression);
    const isMaker = called !== undefined && makers.has(called);
    if (isMaker) reached.add(called);
    if (!isMaker && !call.arguments.some(mayBeCode)) return false;
    const declaration = called ?? checker.getResolvedSignature(call)?.declaration;
    if (declaration === undefined || ts.isJSDocSignature(declaration)) return false;
    const index = codeParameter(declaration.parameters);
    const code = call.arguments[index];
    if (!isMaker && (code === undefined || (scope.size === 0 && isParameter(checker, code)))) return false;
    const inner = bind(checker, declaration.parameters, call.arguments, scope);
    const body = called?.body;
    let made = false;
    const visit = (node: ts.Node): void => {
      if (made) return;
      if (ts.isObjectLiteralExpression(node)) made = ofObject(node, inner, site);
      else if (ts.isCallExpression(node) && node !== call) made = ofCall(node, inner, site);
      if (!made) ts.forEachChild(node, visit);
    };
    if (body !== undefined) visit(body);
    // The visit may have set it.
    if ((made as boolean) || code === undefined) return made;
    // Handed over by somebody else: what its parameters are called is all there is.
    const handed = (name: string): readonly ts.Expression[] =>
      declaration.parameters.flatMap((each, at) => {
        const argument = call.arguments[at];
        return each.name.getText() === name && argument !== undefined ? [argument] : [];
      });
    add(site, all([code], scope), {
      severities: all(handed('severity'), scope),
      messages: all(handed('message'), scope),
      hints: all(handed('hint'), scope),
    });
    return true;
  };

  const made: { readonly object: ts.ObjectLiteralExpression; readonly maker: ts.Node | undefined }[] = [];
  const calls: ts.CallExpression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isObjectLiteralExpression(node)) {
      const [code] = propertyOf(node, 'code');
      const [message] = propertyOf(node, 'message');
      if (code !== undefined && isFinding(node) && !isParameter(checker, code)) {
        const maker =
          message !== undefined && isParameter(checker, message) ? functionAround(node) : undefined;
        made.push({ object: node, maker });
        if (maker !== undefined) makers.add(maker);
      }
    } else if (ts.isCallExpression(node)) calls.push(node);
    ts.forEachChild(node, visit);
  };
  for (const file of files) {
    const source = program.getSourceFile(file);
    if (source !== undefined) visit(source);
  }
  for (const call of calls) ofCall(call, new Map(), call);
  // What nobody calls by its name makes findings all the same.
  for (const { object, maker } of made)
    if (maker === undefined || !reached.has(maker)) ofObject(object, new Map(), object);
  return found;
};

const functionAround = (node: ts.Node): ts.Node | undefined => ts.findAncestor(node, ts.isFunctionLike);
