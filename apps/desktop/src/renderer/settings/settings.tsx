import { Bell, Bot, HardDrive, Info, LockKeyhole, MonitorSmartphone, Palette, UserRound } from 'lucide-react'
import { type SettingsSection, replacePlace } from '../state/place.ts'
import { Sections } from '../ui/sections.tsx'
import { About } from './about.tsx'
import { Appearance } from './appearance.tsx'
import { Bots } from './bots.tsx'
import { Encryption } from './encryption.tsx'
import { Notifications } from './notifications.tsx'
import { Profile } from './profile.tsx'
import { Sessions } from './sessions.tsx'
import { Storage } from './storage.tsx'

const sections = [
  { name: 'profile', label: 'Profile', icon: <UserRound size={16} /> },
  { name: 'sessions', label: 'Sessions', icon: <MonitorSmartphone size={16} /> },
  { name: 'encryption', label: 'Encryption', icon: <LockKeyhole size={16} /> },
  { name: 'notifications', label: 'Notifications', icon: <Bell size={16} /> },
  { name: 'appearance', label: 'Appearance', icon: <Palette size={16} /> },
  { name: 'storage', label: 'Storage', icon: <HardDrive size={16} /> },
  { name: 'bots', label: 'Bots', icon: <Bot size={16} /> },
  { name: 'about', label: 'About', icon: <Info size={16} /> },
] as const

export function Settings({ section }: { readonly section: SettingsSection }) {
  return (
    <Sections
      label="Settings"
      sections={sections}
      open={section}
      onOpen={(name) => replacePlace({ kind: 'settings', section: name })}
    >
      <Open section={section} />
    </Sections>
  )
}

function Open({ section }: { readonly section: SettingsSection }) {
  switch (section) {
    case 'profile':
      return <Profile />
    case 'sessions':
      return <Sessions />
    case 'encryption':
      return <Encryption />
    case 'notifications':
      return <Notifications />
    case 'appearance':
      return <Appearance />
    case 'storage':
      return <Storage />
    case 'bots':
      return <Bots />
    case 'about':
      return <About />
  }
}
