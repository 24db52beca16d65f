/** Stryker leaves out what makes `x-sidetone-reason`: the real APIs send none, so no check may ask for one. */
import type { Ignorer, NodePath } from '@stryker-mutator/api/ignore';
import { declareValuePlugin, PluginKind } from '@stryker-mutator/api/plugin';

/** As much of Babel's path as is looked at here. */
interface SyntaxPath extends NodePath {
  node: SyntaxNode;
  key: string | number;
  parentPath: SyntaxPath | null;
}

interface SyntaxNode {
  type: string;
  value?: unknown;
  name?: string;
  quasis?: { value: { raw: string } }[];
  callee?: SyntaxNode;
  id?: SyntaxNode;
  key?: SyntaxNode;
  properties?: SyntaxNode[];
  returnType?: { typeAnnotation: SyntaxNode };
}

const reasons: Ignorer = {
  shouldIgnore: (path) => (isReason(path as SyntaxPath) ? 'makes x-sidetone-reason' : undefined),
};

function isReason({ node, parentPath: parent, key }: SyntaxPath): boolean {
  // `whyWrong(…): string`; where undefined can come back as well, it decides something.
  if (/^why[A-Z]/.test(nameOf(node.id) ?? '')) return node.returnType?.typeAnnotation.type === 'TSStringKeyword';
  if (node.type === 'ObjectExpression') return isAllReason(node);
  if (parent === null) return false;
  switch (parent.node.type) {
    case 'ObjectProperty':
      return key === 'value' && nameOf(parent.node.key) === 'reason';
    case 'VariableDeclarator':
      return nameOf(parent.node.id) === 'reason';
    case 'CallExpression':
      return isSentence(node) && takesReason(nameOf(parent.node.callee), key);
    default:
      return isSentence(node) && isWithin(parent, /^why[A-Z]/);
  }
}

const isAllReason = ({ properties = [] }: SyntaxNode) =>
  properties.length > 0 && properties.every(({ key }) => nameOf(key) === 'reason');

function takesReason(callee: string | undefined, key: string | number): boolean {
  if (callee === 'refuse') return key === 2;
  return callee !== undefined && !ON_THE_WIRE.has(callee);
}

/** Functions whose arguments go over the wire, though they are written like reasons. */
const ON_THE_WIRE = new Set(['row', 'drifted', 'invalid']);

/** Reasons begin small and have spaces; the texts of both vendors begin with a capital. */
function isSentence({ type, value, quasis }: SyntaxNode): boolean {
  if (type === 'StringLiteral') return /^[a-z]+,? /.test(String(value));
  const text = type === 'TemplateLiteral' ? quasis?.map(({ value: { raw } }) => raw).join('x') : undefined;
  return text !== undefined && /^[a-z]+,? /.test(text);
}

function isWithin(path: SyntaxPath, name: RegExp): boolean {
  for (let outer: SyntaxPath | null = path; outer !== null; outer = outer.parentPath)
    if (/Function/.test(outer.node.type)) {
      const named = nameOf(outer.node.id) ?? nameOf(outer.parentPath?.node.id);
      if (named !== undefined && name.test(named)) return true;
    }
  return false;
}

const nameOf = (node: SyntaxNode | undefined) => (node?.type === 'Identifier' ? node.name : undefined);

export const strykerPlugins = [declareValuePlugin(PluginKind.Ignore, 'said-to-the-developer', reasons)];
