import { Toast } from 'radix-ui'
import { dismissNotice, useNotices } from '../state/notices.ts'

const shownMs = 6_000

/** What was said briefly, at the lower edge. F8 goes there. */
export function Notices() {
  const notices = useNotices((state) => state.notices)
  return (
    <Toast.Provider duration={shownMs} swipeDirection="right">
      {notices.map(({ id, tone, text, action }) => (
        <Toast.Root
          key={id}
          onOpenChange={(open) => !open && dismissNotice(id)}
          className="flex animate-appear items-center gap-3 rounded-medium border border-line bg-raised px-3 py-2 shadow-raised"
        >
          <Toast.Description className={tone === 'danger' ? 'text-danger' : ''}>{text}</Toast.Description>
          {action && (
            <Toast.Action altText={action.label} asChild>
              <button type="button" onClick={action.run} className="font-medium text-link hover:underline">
                {action.label}
              </button>
            </Toast.Action>
          )}
        </Toast.Root>
      ))}
      <Toast.Viewport className="fixed right-4 bottom-4 z-50 flex w-80 flex-col gap-2 outline-none" />
    </Toast.Provider>
  )
}
