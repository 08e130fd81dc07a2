import { dirname, relative, sep } from 'node:path'
import { refuseImport } from './imports.ts'
import type { ImportKind } from './imports.ts'

const root = dirname(import.meta.dirname)

/** The few members of the linter's nodes that are read here. */
interface Node {
  readonly type: string
  readonly value?: unknown
  readonly quasis?: readonly { readonly value: { readonly cooked?: string | null } }[]
}
interface Declaration extends Node {
  readonly source?: Node | null
  readonly importKind?: ImportKind
  readonly exportKind?: ImportKind
}
interface Context {
  readonly filename: string
  report(problem: { node: Node; message: string }): void
}

/**
 * The import table as a lint rule. The linter's own `no-restricted-imports` sees neither `import()` nor
 * `import('…').Type`, and knows nothing of which folder a relative path ends in.
 */
const table = {
  create(context: Context) {
    const file = relative(root, context.filename).split(sep).join('/')
    const look = (node: Node, source: Node, kind: ImportKind): void => {
      const message = refuseImport(file, textOf(source), kind)
      if (message !== undefined) context.report({ node, message })
    }
    return {
      ImportDeclaration: (node: Declaration) =>
        node.source && look(node, node.source, node.importKind ?? 'value'),
      ExportNamedDeclaration: (node: Declaration) =>
        node.source && look(node, node.source, node.exportKind ?? 'value'),
      ExportAllDeclaration: (node: Declaration) =>
        node.source && look(node, node.source, node.exportKind ?? 'value'),
      ImportExpression: (node: Declaration) => node.source && look(node, node.source, 'value'),
      TSImportType: (node: Declaration) => node.source && look(node, node.source, 'type'),
    }
  },
}

/** The text of a string or of a template without holes. */
function textOf(node: Node): string | undefined {
  if (typeof node.value === 'string') return node.value
  return node.quasis?.length === 1 ? (node.quasis[0]?.value.cooked ?? undefined) : undefined
}

export default { meta: { name: 'house' }, rules: { table } }
