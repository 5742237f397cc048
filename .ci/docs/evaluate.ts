/** What an expression of the sources may be as text, as far as it can be told without running it: `…` for what varies. */
import ts from 'typescript';

/** What stands for a parameter where a function is called, and what stood for those around it there. */
export interface Bound {
  readonly value: ts.Expression;
  readonly scope: Scope;
}
export type Scope = ReadonlyMap<ts.Symbol, Bound>;

const VARIES = '…';
/** More ways to say one thing than this are one way, with what varies left open. */
const MOST = 8;
const DEEPEST = 8;

/** Arguments by the parameters that they stand for. */
export const bind = (
  checker: ts.TypeChecker,
  parameters: readonly ts.ParameterDeclaration[],
  handed: readonly ts.Expression[],
  scope: Scope,
): Scope =>
  new Map([
    ...scope,
    ...parameters.flatMap(({ name }, index): readonly (readonly [ts.Symbol, Bound])[] => {
      const symbol = ts.isIdentifier(name) ? checker.getSymbolAtLocation(name) : undefined;
      const value = handed[index];
      return symbol === undefined || value === undefined ? [] : [[symbol, { value, scope }]];
    }),
  ]);

const joined = (heads: readonly string[], tails: readonly string[]): readonly string[] => {
  const all = heads.flatMap((head) => tails.map((tail) => (head + tail).replaceAll(/…{2,}/g, VARIES)));
  return all.length > MOST ? heads.map((head) => head + VARIES) : all;
};

/** The body of a function as the expressions that it gives. */
const returned = (body: ts.ConciseBody): readonly ts.Expression[] => {
  if (!ts.isBlock(body)) return [body];
  const found: ts.Expression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node)) return;
    if (ts.isReturnStatement(node) && node.expression !== undefined) found.push(node.expression);
    ts.forEachChild(node, visit);
  };
  visit(body);
  return found;
};

/** The function that an identifier names, where the sources say it. */
export const functionOf = (
  checker: ts.TypeChecker,
  expression: ts.Expression,
): ts.ArrowFunction | ts.FunctionExpression | ts.FunctionDeclaration | undefined => {
  const declaration = declarationOf(checker, expression);
  if (declaration === undefined) return undefined;
  if (ts.isFunctionDeclaration(declaration)) return declaration;
  if (!ts.isVariableDeclaration(declaration)) return undefined;
  const { initializer } = declaration;
  return initializer !== undefined &&
    (ts.isArrowFunction(initializer) || ts.isFunctionExpression(initializer))
    ? initializer
    : undefined;
};

const declarationOf = (checker: ts.TypeChecker, expression: ts.Expression): ts.Declaration | undefined => {
  const symbol = checker.getSymbolAtLocation(expression);
  if (symbol === undefined) return undefined;
  const held = (symbol.flags & ts.SymbolFlags.Alias) === 0 ? symbol : checker.getAliasedSymbol(symbol);
  return held.declarations?.[0];
};

const bare = (expression: ts.Expression): ts.Expression =>
  ts.isParenthesizedExpression(expression) ||
  ts.isAsExpression(expression) ||
  ts.isSatisfiesExpression(expression) ||
  ts.isNonNullExpression(expression) ||
  ts.isAwaitExpression(expression)
    ? bare(expression.expression)
    : expression;

const isNothing = (expression: ts.Expression): boolean =>
  ts.isIdentifier(expression) && expression.text === 'undefined';

/** Functions of this repository whose answer says no more than what is put in. */
const transparent = new Set(['printable']);

/** Evaluates; never throws. Nothing for what is undefined. */
export const textsOf = (
  checker: ts.TypeChecker,
  expression: ts.Expression,
  scope: Scope,
  depth = 0,
): readonly string[] => {
  const node = bare(expression);
  const of = (next: ts.Expression, inner: Scope = scope): readonly string[] =>
    depth > DEEPEST ? [VARIES] : textsOf(checker, next, inner, depth + 1);
  if (isNothing(node)) return [];
  if (ts.isStringLiteralLike(node) || ts.isNumericLiteral(node)) return [node.text];
  if (ts.isTemplateExpression(node))
    return node.templateSpans.reduce<readonly string[]>(
      (heads, { expression: part, literal }) => {
        // Nothing in a sentence is something that is not there in time.
        const texts = of(part).filter((text) => text !== '');
        return joined(joined(heads, texts.length === 0 ? [VARIES] : texts), [literal.text]);
      },
      [node.head.text],
    );
  if (ts.isConditionalExpression(node)) return several([...of(node.whenTrue), ...of(node.whenFalse)]);
  if (ts.isBinaryExpression(node)) {
    const { kind } = node.operatorToken;
    if (kind === ts.SyntaxKind.QuestionQuestionToken || kind === ts.SyntaxKind.BarBarToken)
      return several([...of(node.left), ...of(node.right)]);
    if (kind === ts.SyntaxKind.PlusToken) return joined(of(node.left), of(node.right));
    return [VARIES];
  }
  if (ts.isIdentifier(node)) {
    const symbol = ts.isShorthandPropertyAssignment(node.parent)
      ? checker.getShorthandAssignmentValueSymbol(node.parent)
      : checker.getSymbolAtLocation(node);
    const bound = symbol === undefined ? undefined : scope.get(symbol);
    if (bound !== undefined) return of(bound.value, bound.scope);
    const declaration = symbol?.valueDeclaration ?? declarationOf(checker, node);
    return declaration !== undefined &&
      ts.isVariableDeclaration(declaration) &&
      ts.isIdentifier(declaration.name) &&
      declaration.initializer !== undefined
      ? of(declaration.initializer)
      : byType(checker, node);
  }
  if (ts.isElementAccessExpression(node)) {
    const table = tableOf(checker, node.expression);
    return table === undefined
      ? [VARIES]
      : several(
          table.properties.flatMap((each) => (ts.isPropertyAssignment(each) ? of(each.initializer) : [])),
        );
  }
  if (ts.isCallExpression(node)) {
    if (ts.isIdentifier(node.expression) && transparent.has(node.expression.text) && node.arguments[0])
      return of(node.arguments[0]);
    const called = ts.isIdentifier(node.expression) ? functionOf(checker, node.expression) : undefined;
    if (called?.body === undefined) return [VARIES];
    const inner = bind(checker, called.parameters, node.arguments, scope);
    return several(returned(called.body).flatMap((each) => of(each, inner)));
  }
  return byType(checker, node);
};

/** What its type says, where that is one of a few texts. */
const byType = (checker: ts.TypeChecker, node: ts.Expression): readonly string[] => {
  const type = checker.getTypeAtLocation(node);
  const types = type.isUnion() ? type.types : [type];
  const texts = types.flatMap((each) => (each.isStringLiteral() ? [each.value] : []));
  return texts.length === types.length ? several(texts.sort()) : [VARIES];
};

/** An object of the sources that is looked into by a name which varies. */
const tableOf = (
  checker: ts.TypeChecker,
  expression: ts.Expression,
): ts.ObjectLiteralExpression | undefined => {
  const declaration = declarationOf(checker, expression);
  if (declaration === undefined || !ts.isVariableDeclaration(declaration)) return undefined;
  const held = declaration.initializer === undefined ? undefined : bare(declaration.initializer);
  return held !== undefined && ts.isObjectLiteralExpression(held) ? held : undefined;
};

const several = (texts: readonly string[]): readonly string[] => {
  const all = [...new Set(texts)];
  return all.length > MOST ? [VARIES] : all;
};
