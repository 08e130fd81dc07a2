import { complain } from '../live/act.ts'
import { engine } from '../live/clients.ts'
import { ConfirmNow } from '../ui/dialog.tsx'

/** Asks once more before all keys are given up for new ones. */
export function BeginAgain({ onClose }: { readonly onClose: () => void }) {
  return (
    <ConfirmNow
      title="Begin again with new keys?"
      about="Only if you have neither another device nor the recovery code. What was said in encrypted conversations until now stays closed to you, unless their members open it to you again. The others see that your keys are new, and let you in with them. Your other devices are not linked any more."
      done="Begin again"
      onDone={() => void engine.encryption.beginAgain.mutate().catch(complain)}
      onClose={onClose}
    />
  )
}
