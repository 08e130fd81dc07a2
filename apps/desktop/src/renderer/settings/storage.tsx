import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { complain, troubleText } from '../live/act.ts'
import { engine } from '../live/clients.ts'
import { storageQuery } from '../live/queries.ts'
import { notice } from '../state/notices.ts'
import { Button } from '../ui/button.tsx'
import { Switch } from '../ui/choice.tsx'
import { Group, Panel, Row, rows } from '../ui/panel.tsx'
import { Failed, Shape } from '../ui/states.tsx'
import { sizeWords } from '../conversation/content/attachments/size-words.ts'

/** What the account takes up on this device. */
export function Storage() {
  const query = useQuery({ ...storageQuery, refetchOnMount: 'always' })
  const queries = useQueryClient()
  const again = () => queries.invalidateQueries({ queryKey: storageQuery.queryKey })
  const keeping = useMutation({
    mutationFn: (on: boolean) => engine.storage.keepEverything.mutate({ on }),
    onError: complain,
    onSettled: again,
  })
  const clearing = useMutation({
    mutationFn: () => engine.storage.clearCache.mutate(),
    onSuccess: () => notice({ tone: 'plain', text: 'The copies of files were removed from this device.' }),
    onError: complain,
    onSettled: again,
  })
  const use = query.data
  return (
    <Panel
      title="Storage"
      about="What Parley keeps on this device is encrypted, and there without a connection."
    >
      {use ? (
        <>
          <Group title="In use">
            <dl className={rows}>
              <Amount name="On disk" amount={sizeWords(use.bytes)} />
              <Amount name="Messages" amount={use.messages.toLocaleString()} />
              <Amount
                name="Files waiting to be sent"
                amount={use.outgoingBytes === 0 ? 'None' : sizeWords(use.outgoingBytes)}
              />
            </dl>
          </Group>
          <Group title="Copies of files">
            <div className={rows}>
              <Row
                label={
                  use.attachments === 0
                    ? 'No copies'
                    : `${use.attachments.toLocaleString()} ${use.attachments === 1 ? 'file' : 'files'}, ${sizeWords(use.attachmentBytes)}`
                }
                hint="Files and images that you looked at. Removed, they come from the server again when they are looked at."
              >
                <Button
                  busy={clearing.isPending}
                  disabled={use.attachments === 0}
                  onClick={() => clearing.mutate()}
                >
                  {clearing.isPending ? 'Removing …' : 'Remove copies'}
                </Button>
              </Row>
            </div>
          </Group>
          <Group title="History">
            <div className={rows}>
              <Switch
                label="Keep everything on this device"
                hint="All messages of all your conversations are brought in the background, to be read and searched offline. Otherwise older ones come as you scroll to them."
                checked={keeping.isPending ? keeping.variables : use.keepsEverything}
                onChange={(on) => keeping.mutate(on)}
              />
            </div>
          </Group>
        </>
      ) : query.isError ? (
        <Failed text={troubleText(query.error)} onRetry={() => void query.refetch()} />
      ) : (
        <Shape lines={4} />
      )}
    </Panel>
  )
}

function Amount({ name, amount }: { readonly name: string; readonly amount: string }) {
  return (
    <div className="flex justify-between gap-4 py-2.5">
      <dt>{name}</dt>
      <dd className="text-soft tabular-nums">{amount}</dd>
    </div>
  )
}
