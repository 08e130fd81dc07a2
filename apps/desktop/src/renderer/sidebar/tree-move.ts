import type { Line, Sortable } from './sections.ts'

export const treeKeys = [
  'ArrowDown',
  'ArrowUp',
  'ArrowLeft',
  'ArrowRight',
  'Home',
  'End',
  'Enter',
  ' ',
] as const
export type TreeKey = (typeof treeKeys)[number]

export type TreeMove =
  | { readonly kind: 'to'; readonly index: number }
  /** Folds or unfolds the section whose head it is. */
  | { readonly kind: 'fold' }
  | { readonly kind: 'choose' }
  | { readonly kind: 'none' }

/** What a key does on a line, as the tree pattern of ARIA has it. */
export function treeMove<View extends Sortable>(
  lines: readonly Line<View>[],
  at: number,
  key: TreeKey,
): TreeMove {
  const line = lines[at]
  const to = (index: number): TreeMove =>
    index >= 0 && index < lines.length ? { kind: 'to', index } : { kind: 'none' }
  switch (key) {
    case 'ArrowDown':
      return to(at + 1)
    case 'ArrowUp':
      return to(at - 1)
    case 'Home':
      return to(0)
    case 'End':
      return to(lines.length - 1)
    case 'ArrowRight':
      if (line?.kind !== 'head') return { kind: 'none' }
      return line.open ? to(at + 1) : { kind: 'fold' }
    case 'ArrowLeft':
      if (line?.kind === 'head') return line.open ? { kind: 'fold' } : { kind: 'none' }
      return to(lines.findLastIndex((each, index) => index < at && each.kind === 'head'))
    case 'Enter':
    case ' ':
      return line?.kind === 'head' ? { kind: 'fold' } : { kind: 'choose' }
  }
}
