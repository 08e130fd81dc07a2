import { create } from 'zustand'

/** Whether somebody put off, for this run of the app, what the banner about this device's keys offers. */
export const useEncryptionBanner = create<{ readonly isHidden: boolean }>(() => ({ isHidden: false }))
