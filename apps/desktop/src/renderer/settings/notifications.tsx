import { useQuery } from '@tanstack/react-query'
import { BellOff, ChevronDown } from 'lucide-react'
import { complain } from '../live/act.ts'
import { engine } from '../live/clients.ts'
import { changeDeviceSettings, useDeviceSettings } from '../live/device-settings.ts'
import { doNotDisturbQuery, usualLevelsQuery } from '../live/queries.ts'
import { type Level, levels, type UsualLevels } from '../pane/level-words.ts'
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
      <WhatFor />
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

const levelWords: Readonly<Record<Level, { readonly label: string; readonly hint: string }>> = {
  all: { label: 'Every message', hint: 'Of every message.' },
  mentions: { label: 'Mentions', hint: 'Of messages that mention you, or everyone.' },
  nothing: { label: 'Nothing', hint: 'Of nothing. They do not count for the number on the icon, either.' },
}

function WhatFor() {
  const { data: usual } = useQuery(usualLevelsQuery)
  return (
    <Group title="What you are told of">
      <div className={rows}>
        {usual ? (
          <>
            <LevelRow label="Direct conversations" kind="direct" level={usual.direct} />
            <LevelRow label="Groups" kind="group" level={usual.group} />
          </>
        ) : (
          <Shape lines={2} />
        )}
      </div>
    </Group>
  )
}

interface LevelRowProps {
  readonly label: string
  readonly kind: keyof UsualLevels
  readonly level: Level
}

function LevelRow({ label, kind, level }: LevelRowProps) {
  return (
    <Row label={label} hint={levelWords[level].hint}>
      <Menu
        items={levels.map((each) => ({
          label: levelWords[each].label,
          checked: each === level,
          run: () => void engine.notifications.setUsualLevel.mutate({ kind, level: each }).catch(complain),
        }))}
      >
        <Button aria-label={`${label}: ${levelWords[level].label}`}>
          {levelWords[level].label}
          <ChevronDown aria-hidden size={14} className="text-dim" />
        </Button>
      </Menu>
    </Row>
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
