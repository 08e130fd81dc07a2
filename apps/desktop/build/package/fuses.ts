import { FuseV1Options, FuseVersion, type FuseV1Config } from '@electron/fuses'

/** What the packaged program can be made to do from outside, once and for all: by its bytes, not by its settings. */
export const fuses = {
  version: FuseVersion.V1,
  // A fuse that a later Electron adds has to be decided on here.
  strictlyRequireAllFuses: true,
  // Flipping changes bytes that the linker of macOS has signed.
  resetAdHocDarwinSignature: true,
  // ELECTRON_RUN_AS_NODE would run any script with the app's rights and keyring.
  [FuseV1Options.RunAsNode]: false,
  [FuseV1Options.EnableCookieEncryption]: true,
  [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: false,
  [FuseV1Options.EnableNodeCliInspectArguments]: false,
  [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: true,
  [FuseV1Options.OnlyLoadAppFromAsar]: true,
  // There is one snapshot for all processes, and it is Electron's own.
  [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  // The page is read from a scheme of its own.
  [FuseV1Options.GrantFileProtocolExtraPrivileges]: false,
  // As Chromium has it: WebAssembly checks its bounds by the processor.
  [FuseV1Options.WasmTrapHandlers]: true,
} as const satisfies FuseV1Config
