import { useQuery } from '@tanstack/react-query'
import { KeyRound } from 'lucide-react'
import { botSessionsQuery } from '../live/queries.ts'
import { agoWords, dateWords } from '../people/presence-words.ts'
import { useNow } from '../people/use-now.ts'
import { Dialog } from '../ui/dialog.tsx'
import { FromServer } from '../ui/from-server.tsx'
import { Row } from '../ui/panel.tsx'
import { Empty } from '../ui/states.tsx'
import type { BotAccount } from './bots.tsx'

interface BotSessionsProps {
  readonly bot: BotAccount
  readonly onClose: () => void
}

/** The tokens of a bot, by where they are used. */
export function BotSessions({ bot, onClose }: BotSessionsProps) {
  const sessions = useQuery({ ...botSessionsQuery(bot.id), refetchOnMount: 'always' })
  const now = useNow()
  return (
    <Dialog
      title={`Where ${bot.displayName} is signed in`}
      about="One line for each token that works."
      onClose={onClose}
    >
      <div className="overflow-y-auto px-5 pb-4">
        <FromServer query={sessions} lines={2}>
          {(all) =>
            all.length === 0 ? (
              <Empty icon={<KeyRound size={20} />} title="No token works">
                <p>{bot.disabled ? 'The bot is disabled.' : 'Make one for the program to sign in by.'}</p>
              </Empty>
            ) : (
              <ul className="flex flex-col divide-y divide-line">
                {all.map((session) => (
                  <li key={session.id}>
                    <Row
                      icon={<KeyRound aria-hidden size={16} />}
                      label={session.deviceName}
                      hint={`${session.online ? 'Connected now' : `Last used ${agoWords(session.lastUsedAt, now)}`} · made on ${dateWords(session.createdAt, now)}`}
                    />
                  </li>
                ))}
              </ul>
            )
          }
        </FromServer>
      </div>
    </Dialog>
  )
}
