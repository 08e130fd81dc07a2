import { closeOverlay } from '../state/overlay.ts'
import { Dialog } from '../ui/dialog.tsx'
import { Keys } from '../ui/keys.tsx'
import { shortcutGroups, shownKeys } from './shortcut-list.ts'

const isMac = navigator.userAgent.includes('Mac OS')

/** All that can be done with keys alone. */
export function ShortcutsDialog() {
  return (
    <Dialog title="Keyboard shortcuts" width="wide" onClose={closeOverlay}>
      <div
        tabIndex={0}
        role="region"
        aria-label="List of shortcuts"
        className="columns-2 gap-8 overflow-y-auto px-5 pt-1 pb-5 outline-offset-[-2px] max-[640px]:columns-1"
      >
        {shortcutGroups.map(({ title, shortcuts }) => (
          <section key={title} aria-label={title} className="mb-4 break-inside-avoid">
            <h3 className="pb-1 text-small font-medium text-dim">{title}</h3>
            <dl>
              {shortcuts.map((shortcut) => (
                <div
                  key={shortcut.label}
                  className="flex min-h-8 items-center justify-between gap-4 border-t border-line py-1"
                >
                  <dt>{shortcut.label}</dt>
                  <dd className="shrink-0">
                    <Keys keys={shownKeys(shortcut, isMac)} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  )
}
