import { create } from 'zustand'
import type { SectionName } from '../sidebar/sections.ts'
import { sectionNames } from '../sidebar/sections.ts'
import { isRecord } from './is-record.ts'

export const sidebarWidthMin = 200
export const sidebarWidthMax = 420
const sidebarWidthDefault = 264
/** Of the window, in CSS pixels: below it the sidebar shows avatars alone until it is asked for. */
export const narrowWidth = 720

interface Layout {
  readonly sidebarWidth: number
  /** The person folded the sidebar to avatars. */
  readonly railed: boolean
  /** In a narrow window the whole sidebar lies over the rest; for a moment, so it is not remembered. */
  readonly drawn: boolean
  readonly folded: ReadonlySet<SectionName>
}

export const useLayout = create<Layout>(() => layoutFrom(null))

/** Takes up how an account's window was left. */
export function restoreLayout(kept: unknown): void {
  useLayout.setState(layoutFrom(kept))
}

/** What of it is come back to. */
export function layoutToKeep() {
  const { sidebarWidth, railed, folded } = useLayout.getState()
  return { sidebarWidth, railed, folded: [...folded] }
}

export function layoutFrom(kept: unknown): Layout {
  const { sidebarWidth, railed, folded } = isRecord(kept) ? kept : {}
  return {
    sidebarWidth: typeof sidebarWidth === 'number' ? widthWithin(sidebarWidth) : sidebarWidthDefault,
    railed: railed === true,
    drawn: false,
    folded: new Set(sectionNames.filter((name) => Array.isArray(folded) && folded.includes(name))),
  }
}

const widthWithin = (width: number) => Math.round(Math.min(sidebarWidthMax, Math.max(sidebarWidthMin, width)))

export function resizeSidebar(width: number): void {
  useLayout.setState({ sidebarWidth: widthWithin(width) })
}

export function toggleSection(name: SectionName): void {
  useLayout.setState(({ folded }) => {
    const next = new Set(folded)
    if (!next.delete(name)) next.add(name)
    return { folded: next }
  })
}

/** Folds the sidebar to avatars or back; in a narrow window it is drawn over the rest instead. */
export function toggleSidebar(): void {
  const narrow = window.innerWidth < narrowWidth
  useLayout.setState(({ railed, drawn }) => (narrow ? { drawn: !drawn } : { railed: !railed }))
}

export function closeDrawer(): void {
  useLayout.setState({ drawn: false })
}
