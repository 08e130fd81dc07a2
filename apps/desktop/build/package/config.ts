import { join } from 'node:path'
import { flipFuses } from '@electron/fuses'
import type { AfterPackContext, Configuration } from 'electron-builder'
import { fuses } from './fuses.ts'

const room = join(import.meta.dirname, '../..')
const installers = join(room, 'build/icons/installers')

/** What differs from one release to the next, and from one machine to another, comes from the environment. */
interface Environment {
  /** A folder with an unpacked Electron, instead of the one that would be downloaded. */
  readonly ELECTRON_DIST?: string | undefined
  /** Where updates are looked for, as `https://…`; without it the app looks for none. */
  readonly PARLEY_UPDATE_URL?: string | undefined
  /** Who is named as the maintainer of the Debian package, as `Name <address>`. */
  readonly PARLEY_MAINTAINER?: string | undefined
  /** Notarising needs one of the two, with what Apple's tools want beside it. */
  readonly APPLE_API_KEY?: string | undefined
  readonly APPLE_ID?: string | undefined
}

/**
 * What electron-builder makes of the staged app. Certificates for signing are found by electron-builder itself, in
 * `CSC_LINK` and `WIN_CSC_LINK`; without them nothing is signed.
 */
export function packaging(staged: string, output: string, environment: Environment): Configuration {
  const { ELECTRON_DIST, PARLEY_UPDATE_URL } = environment
  return {
    appId: 'chat.parley.desktop',
    productName: 'Parley',
    directories: { app: staged, output, buildResources: installers },
    ...(ELECTRON_DIST && { electronDist: ELECTRON_DIST }),
    // Otherwise all of a package would be unpacked in which there is a library.
    asar: { smartUnpack: false },
    // A library cannot be loaded from within an archive.
    asarUnpack: ['**/*.node'],
    npmRebuild: false,
    files: ['**/*'],
    afterPack: (context) => flipAllFuses(context),
    protocols: [{ name: 'Parley', schemes: ['parley'], role: 'Viewer' }],
    publish: PARLEY_UPDATE_URL ? [{ provider: 'generic', url: PARLEY_UPDATE_URL }] : null,
    artifactName: 'parley-${version}-${os}-${arch}.${ext}',
    ...platforms(environment),
  }
}

function platforms(environment: Environment): Partial<Configuration> {
  const { PARLEY_MAINTAINER = 'Parley maintainers <maintainers@parley.invalid>' } = environment
  return {
    win: { target: ['nsis'], icon: join(installers, 'icon.ico') },
    nsis: { oneClick: false, perMachine: false, allowToChangeInstallationDirectory: true },
    mac: {
      target: [{ target: 'dmg', arch: ['universal'] }],
      category: 'public.app-category.business',
      icon: join(installers, 'icon.icns'),
      hardenedRuntime: true,
      gatekeeperAssess: false,
      entitlements: join(room, 'build/package/entitlements.plist'),
      entitlementsInherit: join(room, 'build/package/entitlements.plist'),
      notarize: Boolean(environment.APPLE_API_KEY ?? environment.APPLE_ID),
      // Both are in both halves, and each is for one processor.
      x64ArchFiles: '**/prebuilds/{darwin-*.node,darwin-*/*.node}',
    },
    linux: {
      target: ['AppImage', 'deb'],
      category: 'Network;InstantMessaging;',
      icon: join(installers, 'linux'),
      executableName: 'parley',
      maintainer: PARLEY_MAINTAINER,
      synopsis: 'Team chat on a server of your own',
    },
  }
}

/** Before anything is signed. */
async function flipAllFuses({ appOutDir, electronPlatformName, packager }: AfterPackContext): Promise<void> {
  const name = packager.appInfo.productFilename
  const programs: Record<string, string> = { darwin: `${name}.app`, win32: `${name}.exe` }
  await flipFuses(join(appOutDir, programs[electronPlatformName] ?? 'parley'), fuses)
}
