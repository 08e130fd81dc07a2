import { useQuery } from '@tanstack/react-query'
import { Mark } from '../entry/mark.tsx'
import { desk } from '../live/clients.ts'
import { stateQuery } from '../live/queries.ts'
import { CopyButton } from '../ui/copy.tsx'
import { Group, Panel, Row, rows } from '../ui/panel.tsx'
import { Shape } from '../ui/states.tsx'
import { licences } from './licences.ts'
import { Updates } from './updates.tsx'

/** Which Parley this is, and what it is made of. */
export function About() {
  const { data: state } = useQuery(stateQuery)
  const { data: info } = useQuery({
    queryKey: ['app-info'],
    queryFn: () => desk.appInfo.query(),
    meta: { topics: [] },
  })
  if (!info) return <Shape lines={3} />
  const versions = `Parley ${info.version} (Electron ${info.electron}, Chromium ${info.chrome}, Node.js ${info.node}, ${info.platform} ${info.arch})`
  return (
    <Panel title="About">
      <div className="flex items-center gap-4">
        <Mark size={48} />
        <div className="flex flex-1 flex-col">
          <span className="text-head font-semibold">Parley {info.version}</span>
          <span className="text-dim">Team chat that you host yourself.</span>
        </div>
      </div>
      <Updates />
      <Group title="Versions" action={<CopyButton text={versions} label="Copy versions" size="small" />}>
        <dl className={rows}>
          <Fact name="Parley" value={info.version} />
          {state?.kind === 'signed-in' && (
            <Fact name="Server" value={`${state.account.serverName}, ${state.account.url}`} />
          )}
          <Fact name="Electron" value={info.electron} />
          <Fact name="Chromium" value={info.chrome} />
          <Fact name="Node.js" value={info.node} />
          <Fact name="System" value={`${info.platform}, ${info.arch}`} />
          <Fact name="Files and log" value={info.folder} />
        </dl>
      </Group>
      <Group
        title="Licences"
        about="Parley is free software under the MIT licence. It stands on the work of others:"
      >
        <ul className={rows}>
          {licences.map(({ name, licence }) => (
            <li key={name}>
              <Row label={name}>
                <span className="text-small text-dim">{licence}</span>
              </Row>
            </li>
          ))}
        </ul>
      </Group>
    </Panel>
  )
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div className="flex justify-between gap-6 py-2.5">
      <dt className="shrink-0">{name}</dt>
      <dd className="min-w-0 text-right break-all text-soft select-text">{value}</dd>
    </div>
  )
}
