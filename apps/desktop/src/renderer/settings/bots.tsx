import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { botsPerAccountMax } from '@parley/domain/limits'
import { Bot, Ellipsis, Plus } from 'lucide-react'
import { useState } from 'react'
import { complain } from '../live/act.ts'
import { engine } from '../live/clients.ts'
import { type Answers, botsQuery } from '../live/queries.ts'
import { Avatar } from '../ui/avatar.tsx'
import { Button, IconButton } from '../ui/button.tsx'
import { ConfirmNow } from '../ui/dialog.tsx'
import { FromServer, useOnline } from '../ui/from-server.tsx'
import { Menu } from '../ui/menu.tsx'
import { Badge, Group, Panel, Row, rows } from '../ui/panel.tsx'
import { Empty } from '../ui/states.tsx'
import { BotSessions } from './bot-sessions.tsx'
import { MakeBot } from './make-bot.tsx'
import { MakeToken } from './make-token.tsx'

export type BotAccount = Answers['bots']['list'][number]

/** Accounts for programs, which one owns. */
export function Bots() {
  const bots = useQuery({ ...botsQuery, refetchOnMount: 'always' })
  const online = useOnline()
  const [making, setMaking] = useState(false)
  const full = (bots.data?.length ?? 0) >= botsPerAccountMax
  return (
    <Panel
      title="Bots"
      about="A bot is an account for a program: it signs in by a token, and takes part like anybody else."
      action={
        <Button disabled={!online || full} onClick={() => setMaking(true)}>
          <Plus aria-hidden size={16} />
          Make a bot
        </Button>
      }
    >
      <Group
        title="Your bots"
        about={full ? `An account has at most ${String(botsPerAccountMax)} bots.` : undefined}
      >
        <FromServer query={bots} lines={2}>
          {(all) =>
            all.length === 0 ? (
              <Empty icon={<Bot size={20} />} title="No bots yet">
                <p>Make one for a program that reads or writes messages, such as alerts of your systems.</p>
              </Empty>
            ) : (
              <ul className={rows}>
                {all.map((bot) => (
                  <BotRow key={bot.id} bot={bot} />
                ))}
              </ul>
            )
          }
        </FromServer>
      </Group>
      {making && <MakeBot onClose={() => setMaking(false)} />}
    </Panel>
  )
}

function BotRow({ bot }: { readonly bot: BotAccount }) {
  const [asking, setAsking] = useState<'token' | 'sessions' | 'disable' | null>(null)
  const queries = useQueryClient()
  const disabling = useMutation({
    mutationFn: () => engine.bots.disable.mutate({ accountId: bot.id }),
    onError: complain,
    onSettled: () => queries.invalidateQueries({ queryKey: botsQuery.queryKey }),
  })
  const close = () => setAsking(null)
  return (
    <li>
      <Row
        icon={<Avatar seed={bot.id} name={bot.displayName} />}
        label={
          <>
            <span className="min-w-0 truncate">{bot.displayName}</span>
            {bot.disabled && <Badge>Disabled</Badge>}
          </>
        }
        hint={bot.username}
      >
        <Menu
          items={[
            { label: 'Where it is signed in', run: () => setAsking('sessions') },
            { label: 'Make a token', disabled: bot.disabled, run: () => setAsking('token') },
            null,
            { label: 'Disable …', tone: 'danger', disabled: bot.disabled, run: () => setAsking('disable') },
          ]}
        >
          <IconButton label={`More about ${bot.displayName}`} icon={<Ellipsis size={16} />} />
        </Menu>
      </Row>
      {asking === 'token' && <MakeToken bot={bot} onClose={close} />}
      {asking === 'sessions' && <BotSessions bot={bot} onClose={close} />}
      {asking === 'disable' && (
        <ConfirmNow
          title={`Disable ${bot.displayName}?`}
          about="All its tokens stop working at once, and only the operator can enable it again. What it wrote stays."
          done="Disable"
          onDone={() => disabling.mutate()}
          onClose={close}
        />
      )}
    </li>
  )
}
