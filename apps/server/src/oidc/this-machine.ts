/** Whether an address leads to this machine, by any of its own names. */
export const isOnThisMachine = ({ hostname }: URL): boolean =>
  /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)
