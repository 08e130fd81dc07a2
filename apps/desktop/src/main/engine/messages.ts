/**
 * What main tells the engine's process, over its `process.parentPort`. Ports travel beside a message, in `event.ports`.
 *
 * - `start`: the first message. The port leads to the desk, whose caller the engine is.
 * - `window`: the port leads to a window, which calls the engine's router.
 * - `retry`: the machine woke up; whatever waits for the network is to be tried now.
 * - `close`: the app quits. The engine closes its stores and exits with 0, in at most `engineCloseMsMax`.
 */
export type ToEngine =
  | { readonly kind: 'start'; readonly folder: string; readonly appVersion: string }
  | { readonly kind: 'window' }
  | { readonly kind: 'retry' }
  | { readonly kind: 'close' }

/** How long the engine may take to close; it is ended then, which its stores survive. */
export const engineCloseMsMax = 5_000
