import { lazy, Suspense } from 'react'
import { closeOverlay, type Overlay, useOverlay } from '../state/overlay.ts'

// None of them is there at the first paint, so that each comes when it is asked for.
const Palette = lazy(() => import('./palette.tsx').then((module) => ({ default: module.Palette })))
const ShortcutsDialog = lazy(() =>
  import('./shortcuts-dialog.tsx').then((module) => ({ default: module.ShortcutsDialog })),
)
const SearchOverlay = lazy(() =>
  import('../search/search-overlay.tsx').then((module) => ({ default: module.SearchOverlay })),
)
const SignOut = lazy(() => import('../sidebar/sign-out.tsx').then((module) => ({ default: module.SignOut })))
const AddAccount = lazy(() =>
  import('../entry/add-account.tsx').then((module) => ({ default: module.AddAccount })),
)
const JoinDialog = lazy(() => import('./join-dialog.tsx').then((module) => ({ default: module.JoinDialog })))
const MakeGroupDialog = lazy(() =>
  import('../groups/make-group-dialog.tsx').then((module) => ({ default: module.MakeGroupDialog })),
)
const AddMembersDialog = lazy(() =>
  import('../groups/add-members-dialog.tsx').then((module) => ({ default: module.AddMembersDialog })),
)
const EditGroupDialog = lazy(() =>
  import('../groups/edit-group-dialog.tsx').then((module) => ({ default: module.EditGroupDialog })),
)
const MakeRecoveryCode = lazy(() =>
  import('../encryption/make-recovery-code.tsx').then((module) => ({ default: module.MakeRecoveryCode })),
)
const EnterCode = lazy(() =>
  import('../encryption/enter-code.tsx').then((module) => ({ default: module.EnterCode })),
)
const BeginAgain = lazy(() =>
  import('../encryption/begin-again.tsx').then((module) => ({ default: module.BeginAgain })),
)
const TurnSealed = lazy(() =>
  import('../encryption/turn-sealed.tsx').then((module) => ({ default: module.TurnSealed })),
)

/** What lies over the window at the moment. */
export function Overlays() {
  const overlay = useOverlay((state) => state.overlay)
  return <Suspense>{overlay && <Open overlay={overlay} />}</Suspense>
}

function Open({ overlay }: { readonly overlay: Overlay }) {
  switch (overlay.kind) {
    case 'palette':
      return <Palette />
    case 'shortcuts':
      return <ShortcutsDialog />
    case 'search':
      return <SearchOverlay words={overlay.words ?? ''} />
    case 'sign-out':
      return <SignOut />
    case 'add-account':
      return <AddAccount besides={overlay.besides} />
    case 'join':
      return <JoinDialog link={overlay.link} />
    case 'make-group':
      return <MakeGroupDialog />
    case 'add-members':
      return <AddMembersDialog id={overlay.id} />
    case 'edit-group':
      return <EditGroupDialog id={overlay.id} />
    case 'make-recovery-code':
      return <MakeRecoveryCode onClose={closeOverlay} />
    case 'enter-code':
      return <EnterCode kind={overlay.code} onClose={closeOverlay} />
    case 'begin-again':
      return <BeginAgain onClose={closeOverlay} />
    case 'turn-sealed':
      return <TurnSealed id={overlay.id} />
  }
}
