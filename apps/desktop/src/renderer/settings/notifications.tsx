import { useQuery } from '@tanstack/react-query'
import { BellOff } from 'lucide-react'
import { complain } from '../live/act.ts'
import { engine } from '../live/clients.ts'
import { changeDeviceSettings, useDeviceSettings } from '../live/device-settings.ts'
import { doNotDisturbQuery } from '../live/queries.ts'
import { useNow } from '../people/use-now.ts'
import { Button } from '../ui/button.tsx'
import { Switch } from '../ui/choice.tsx'
import { Menu } from '../ui/menu.tsx'
import { Group, Panel, Row, rows } from '../ui/panel.tsx'
import { Shape } from '../ui/states.tsx'
import { quietChoices, untilWords } from './quiet.ts'

/** Of what one is told on this device, and how much of it is shown. */
export function Notifications() {
  const settings = useDeviceSettings()
  return (
    <Panel title="Notifications" about="What this device tells you of while you look elsewhere.">
      <DoNotDisturb />
      <Group title="What you are told of">
        <div className={rows}>
          <Row label="Direct conversations" hint="Every message.">
            <span className="text-dim">All</span>
          </Row>
          <Row label="Groups" hint="Messages that mention you, or everyone.">
            <span className="text-dim">Mentions</span>
          </Row>
        </div>
      </Group>
      <p className="-mt-6 text-small text-dim">
        For a single conversation, change it in its details or by its menu in the sidebar.
      </p>
      <Group title="What others can see">
        <div className={rows}>
          {settings ? (
            <Switch
              label="Hide names and messages in notifications"
              hint="A notification says that there is a message, and neither whose it is nor what it says."
              checked={settings.hideContent}
              onChange={(hideContent) => changeDeviceSettings({ hideContent })}
            />
          ) : (
            <Shape lines={1} />
          )}
        </div>
      </Group>
    </Panel>
  )
}

function DoNotDisturb() {
  const { data: until = null } = useQuery(doNotDisturbQuery)
  const now = useNow()
  const quiet = until !== null && until > now
  const set = (at: number | null) =>
    void engine.notifications.setDoNotDisturb.mutate({ until: at }).catch(complain)
  return (
    <Group title="Do not disturb">
      <div className={rows}>
        <Row
          icon={<BellOff aria-hidden size={16} />}
          label={quiet ? `Quiet ${untilWords(until, now)}` : 'Notifications are on'}
          hint={
            quiet
              ? 'Nothing is shown and nothing sounds. What comes counts as unread as ever.'
              : 'Be left alone for a while.'
          }
        >
          {quiet ? (
            <Button onClick={() => set(null)}>Turn on again</Button>
          ) : (
            <Menu
              items={quietChoices.map(({ label, until: end }) => ({
                label,
                run: () => set(end(new Date())),
              }))}
            >
              <Button>Do not disturb …</Button>
            </Menu>
          )}
        </Row>
      </div>
    </Group>
  )
}
