import { useQuery } from '@tanstack/react-query'
import { type Answers, deviceNamesQuery, type OwnDevice, sessionsQuery } from '../live/queries.ts'
import { agoWords } from '../people/presence-words.ts'

type Session = Answers['account']['sessions'][number]

/** How one's own devices are spoken of. */
export interface DeviceWords {
  readonly nameOf: (device: OwnDevice) => string
  /** When it was there last, in milliseconds since 1970 against `now`; null where the server did not say. */
  readonly seen: (device: OwnDevice, now: number) => string | null
}

/** By the name that somebody gave it here, by what it said when it signed in, or by its keys. */
export function useDeviceWords(devices: readonly OwnDevice[]): DeviceWords {
  const { data: names } = useQuery(deviceNamesQuery)
  const { data: sessions } = useQuery({
    ...sessionsQuery,
    refetchOnMount: 'always',
    refetchInterval: ({ state: { data } }) =>
      devices.some((device) => isComing(device, Date.now()) && !data?.some(isOf(device)))
        ? lookAgainMs
        : false,
  })
  return deviceWords(names ?? {}, sessions)
}

/** A device that was taken in says so for its session in a moment, and nobody tells of that. */
const comingMs = 2 * 60_000
const lookAgainMs = 2_000

const isComing = ({ addedAt, revoked }: OwnDevice, now: number) => !revoked && now - addedAt < comingMs

const isOf =
  ({ id }: Pick<OwnDevice, 'id'>) =>
  ({ deviceId }: Pick<Session, 'deviceId'>) =>
    deviceId === id

export function deviceWords(
  names: Readonly<Record<string, string>>,
  sessions: readonly Pick<Session, 'deviceId' | 'deviceName' | 'lastUsedAt' | 'online'>[] | undefined,
): DeviceWords {
  const sessionOf = (device: OwnDevice) =>
    sessions
      ?.filter(isOf(device))
      .toSorted((one, other) => other.lastUsedAt - one.lastUsedAt)
      .at(0)
  return {
    nameOf: (device) => names[device.id] ?? sessionOf(device)?.deviceName ?? `Device ${shortId(device)}`,
    seen(device, now) {
      const session = sessionOf(device)
      if (session) return session.online ? 'connected now' : `last seen ${agoWords(session.lastUsedAt, now)}`
      return sessions && !isComing(device, now) ? 'not signed in' : null
    },
  }
}

/** Enough of its id to tell it from the others: it follows from its keys, and nobody gives it. */
export const shortId = ({ id }: Pick<OwnDevice, 'id'>) => id.slice(1, 5)
