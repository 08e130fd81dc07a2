import { useQuery } from '@tanstack/react-query'
import { Inbox } from 'lucide-react'
import type { ReactNode } from 'react'
import { troubleText } from '../live/act.ts'
import { connectionQuery, meQuery, type Operation, outboxQuery, requestsQuery } from '../live/queries.ts'
import { insets } from '../people/insets.ts'
import { ScreenHead } from '../people/screen-head.tsx'
import { go } from '../state/place.ts'
import { Button } from '../ui/button.tsx'
import { Empty, Failed, Shape } from '../ui/states.tsx'
import { AnswerRow } from './answer-row.tsx'
import { AskedRow } from './asked-row.tsx'
import { AboutAcceptingSealed } from './invitation-answer.tsx'
import { OperationLine } from './operation-line.tsx'
import { operationsToShow, type RequestLists, requestLists } from './request-lists.ts'
import { useNames } from './use-names.ts'

/** What waits for an answer, what became of what one asked, and what of one's doing the server has not taken. */
export function RequestsScreen() {
  const { data: requests, error, refetch } = useQuery(requestsQuery)
  const { data: me } = useQuery(meQuery)
  const { data: outbox = [] } = useQuery(outboxQuery)
  const { data: connection } = useQuery(connectionQuery)
  const operations = operationsToShow(outbox, connection?.kind === 'online')
  const lists = requests && me ? requestLists(requests, me.id) : null
  return (
    <div className="flex h-full min-h-0 flex-col">
      <ScreenHead title="Requests" />
      {error && !requests ? (
        <Failed text={troubleText(error)} onRetry={() => void refetch()} />
      ) : !lists ? (
        <Shape />
      ) : (
        <Lists lists={lists} operations={operations} />
      )}
    </div>
  )
}

interface ListsProps {
  readonly lists: RequestLists
  readonly operations: readonly Operation[]
}

function Lists({ lists: { toAnswer, asked }, operations }: ListsProps) {
  const names = useNames()
  if (toAnswer.length + asked.length + operations.length === 0) return <NothingToAnswer />
  return (
    <div className={`min-h-0 flex-1 overflow-y-auto pb-8 ${insets.screen.scrolled}`}>
      <div className="flex flex-col gap-8">
        <Part
          title="To answer"
          count={toAnswer.length}
          about={toAnswer.some(({ kind }) => kind === 'invitation') && <AboutAcceptingSealed />}
        >
          {toAnswer.map((each) => (
            <AnswerRow key={each.key} asked={each} names={names} />
          ))}
        </Part>
        <Part title="Not done yet" count={operations.length}>
          {operations.map((operation) => (
            <li key={operation.id} className="py-2.5">
              <OperationLine operation={operation} names={names} />
            </li>
          ))}
        </Part>
        <Part title="Asked by you" count={asked.length}>
          {asked.map((each) => (
            <AskedRow key={each.key} asked={each} names={names} />
          ))}
        </Part>
      </div>
    </div>
  )
}

interface PartProps {
  readonly title: string
  readonly count: number
  readonly about?: ReactNode
  readonly children: ReactNode
}

function Part({ title, count, about = false, children }: PartProps) {
  if (count === 0) return null
  return (
    <section aria-label={title} className="flex flex-col gap-1">
      <h2 className="text-small font-medium text-dim">
        {title} · {count.toLocaleString()}
      </h2>
      <ul className="flex flex-col divide-y divide-line border-y border-line">{children}</ul>
      {about !== false && <p className="max-w-[72ch] pt-1 text-small text-pretty text-dim">{about}</p>}
    </section>
  )
}

function NothingToAnswer() {
  return (
    <Empty icon={<Inbox size={28} />} title="Nothing waits for you">
      <p>People who want to join your groups or to talk to you are asked about here.</p>
      <div className="flex gap-2">
        <Button onClick={() => go({ kind: 'people' })}>Find people</Button>
        <Button onClick={() => go({ kind: 'groups' })}>Find groups</Button>
      </div>
    </Empty>
  )
}
