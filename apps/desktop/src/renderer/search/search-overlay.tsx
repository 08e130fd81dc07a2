import { Sheet } from '../palette/sheet.tsx'
import { closeOverlay } from '../state/overlay.ts'
import { SearchPanel } from './search-panel.tsx'

/** Searches everywhere, over what is open. */
export function SearchOverlay({ words }: { readonly words: string }) {
  return (
    <Sheet title="Search messages" onClose={closeOverlay}>
      <SearchPanel key={words} within={null} words={words} onOpened={closeOverlay} />
    </Sheet>
  )
}
