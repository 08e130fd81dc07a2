import { useEffect, useState } from 'react'
import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server'
import type { DeskRouter } from '../../main/desk.ts'
import { complain } from './act.ts'
import { desk } from './clients.ts'

export type DeviceSettings = inferRouterOutputs<DeskRouter>['settings']['get']
export type DeviceSettingsChange = inferRouterInputs<DeskRouter>['settings']['set']

/** What a person chose for this device, now and after each change; null for the moment until it is known. */
export function useDeviceSettings(): DeviceSettings | null {
  const [settings, setSettings] = useState<DeviceSettings | null>(null)
  useEffect(() => {
    const following = desk.settings.changes.subscribe(undefined, { onData: setSettings })
    return () => following.unsubscribe()
  }, [])
  return settings
}

export function changeDeviceSettings(change: DeviceSettingsChange): void {
  desk.settings.set.mutate(change).catch(complain)
}
