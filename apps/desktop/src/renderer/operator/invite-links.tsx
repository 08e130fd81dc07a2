import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link2, Plus } from 'lucide-react'
import { useState } from 'react'
import { complain } from '../live/act.ts'
import { engine } from '../live/clients.ts'
import { type Answers, inviteLinksQuery } from '../live/queries.ts'
import { dateWords } from '../people/presence-words.ts'
import { useNow } from '../people/use-now.ts'
import { Button } from '../ui/button.tsx'
import { Confirm } from '../ui/dialog.tsx'
import { FromServer, useOnline } from '../ui/from-server.tsx'
import { Badge, Panel, Row, rows } from '../ui/panel.tsx'
import { Empty } from '../ui/states.tsx'
import { MakeInviteLink } from './make-invite-link.tsx'

type InviteLink = Answers['admin']['inviteLinks'][number]

/** Links by which new people make accounts. */
export function InviteLinks() {
  const links = useQuery({ ...inviteLinksQuery, refetchOnMount: 'always' })
  const [making, setMaking] = useState(false)
  const online = useOnline()
  const queries = useQueryClient()
  const again = () => void queries.invalidateQueries({ queryKey: inviteLinksQuery.queryKey })
  return (
    <Panel
      title="Invite links"
      about="Whoever has one can make an account, as often as the link allows."
      width="wide"
      action={
        <Button disabled={!online} onClick={() => setMaking(true)}>
          <Plus aria-hidden size={16} />
          Make a link
        </Button>
      }
    >
      <div className="rounded-large border border-line bg-raised">
        <FromServer query={links} lines={3}>
          {(all) =>
            all.length === 0 ? (
              <Empty icon={<Link2 size={20} />} title="No invite links">
                <p>Make one and send it to whoever should join.</p>
              </Empty>
            ) : (
              <ul className={rows}>
                {all
                  .toSorted((a, b) => b.createdAt - a.createdAt)
                  .map((link) => (
                    <InviteLinkRow key={link.id} link={link} onRemoved={again} />
                  ))}
              </ul>
            )
          }
        </FromServer>
      </div>
      {making && <MakeInviteLink onMade={again} onClose={() => setMaking(false)} />}
    </Panel>
  )
}

interface InviteLinkRowProps {
  readonly link: InviteLink
  readonly onRemoved: () => void
}

function InviteLinkRow({ link, onRemoved }: InviteLinkRowProps) {
  const now = useNow()
  const online = useOnline()
  const removing = useMutation({
    mutationFn: () => engine.admin.removeInviteLink.mutate({ inviteLinkId: link.id }),
    onError: complain,
    onSettled: onRemoved,
  })
  const name = link.note || 'Without a note'
  const uses =
    link.usesLeft === 0
      ? 'Used up'
      : link.usesLeft === 1
        ? '1 use left'
        : `${link.usesLeft.toLocaleString()} uses left`
  return (
    <li>
      <Row
        icon={<Link2 aria-hidden size={16} />}
        label={
          <>
            <span className={`min-w-0 truncate ${link.note ? '' : 'text-dim'}`}>{name}</span>
            {link.makesOperator && <Badge tone="accent">Makes an operator</Badge>}
          </>
        }
        hint={`${uses} · made on ${dateWords(link.createdAt, now)} · until ${dateWords(link.expiresAt, now)}`}
      >
        <Confirm
          title="Remove this invite link?"
          about="Nobody can make an account by it any more. Accounts that were made by it stay."
          done="Remove"
          onDone={() => removing.mutate()}
        >
          <Button
            tone="quiet"
            aria-label={`Remove the link “${name}”`}
            disabled={!online}
            busy={removing.isPending}
          >
            Remove
          </Button>
        </Confirm>
      </Row>
    </li>
  )
}
