import { join } from 'node:path'

/**
 * An environment in which an app touches nothing of the person who runs the tests: no settings of the desktop, no
 * keyring, and no other Parley.
 */
export function isolated(folder: string): Record<string, string> {
  const kept = ['PATH', 'DISPLAY', 'WAYLAND_DISPLAY', 'XAUTHORITY', 'LANG', 'TMPDIR', 'SystemRoot', 'TEMP']
  const given = kept.flatMap((name): [string, string][] => {
    const value = process.env[name]
    return value === undefined ? [] : [[name, value]]
  })
  return {
    ...Object.fromEntries(given),
    HOME: join(folder, 'home'),
    XDG_CONFIG_HOME: join(folder, 'home/config'),
    XDG_DATA_HOME: join(folder, 'home/data'),
    XDG_CACHE_HOME: join(folder, 'home/cache'),
  }
}
