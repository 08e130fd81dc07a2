/** How the yardstick names what a world holds; tokens are as long as real ones. */
export const bareAccount = (index: number): string => `account-${index}`
export const bareRoom = (index: number): string => `room-${index}`
export const bareToken = (account: number): string => `token-${account}-`.padEnd(43, 'x')
