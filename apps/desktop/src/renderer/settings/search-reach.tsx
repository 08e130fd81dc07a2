import { useQuery } from '@tanstack/react-query'
import { complain } from '../live/act.ts'
import { engine } from '../live/clients.ts'
import { searchReachQuery } from '../live/queries.ts'
import { Switch } from '../ui/choice.tsx'
import { Group, rows } from '../ui/panel.tsx'

/** Whether words that are looked for everywhere go to the server. */
export function SearchReach() {
  const { data: reach } = useQuery(searchReachQuery)
  if (!reach) return null
  return (
    <Group title="Searching">
      <div className={rows}>
        <Switch
          label="Ask the server, too, when I search everywhere"
          hint={
            <>
              It finds what is not on this device, and learns the words you look for, which may be those of an
              encrypted conversation.
              {!reach.isChosen &&
                !reach.asksServer &&
                ' As you are in one, it is off unless you turn it on.'}{' '}
              In one conversation the server is asked if it can read what is said there anyway.
            </>
          }
          checked={reach.asksServer}
          onChange={(asksServer) =>
            void engine.messages.setSearchReach.mutate({ asksServer }).catch(complain)
          }
        />
      </div>
    </Group>
  )
}
