import type { SealedCause } from '@parley/domain/sealed/causes'

interface Said {
  /** What has happened, as a sentence. */
  readonly happened: string
  /** What happens next, or what to do. */
  readonly next: string
}

/** Why something sealed is not shown or not taken. The same words stand at a message and above its conversation. */
export const sealedWords: Readonly<Record<SealedCause, Said>> = {
  'no-grant-yet': {
    happened: 'The key for this has not come to this device yet.',
    next: 'Your other devices and the members’ apps are asked for it, and it opens by itself.',
  },
  'epoch-unknown': {
    happened: 'This was encrypted with a newer key than this device knows of.',
    next: 'The newer keys are being fetched, and it opens by itself.',
  },
  'chain-behind': {
    happened: 'This device does not know the newest changes among the members yet.',
    next: 'They are being fetched, and it opens by itself.',
  },
  'needs-list': {
    happened: 'Somebody here has devices that this device has not checked yet.',
    next: 'They are being checked, and it opens by itself.',
  },
  'device-not-verified': {
    happened: 'This comes from a device that is not known here yet.',
    next: 'The list of its owner’s devices is being checked, and it opens by itself.',
  },

  'not-entitled': {
    happened: 'This is from before you came or began again, or from after you left.',
    next: 'Its key is not given to you.',
  },
  replayed: {
    happened: 'This is an older version of a message, or one that was delivered twice.',
    next: 'It is left out, and the right one stays.',
  },
  foreign: {
    happened: 'This was encrypted by another kind of program.',
    next: 'It can be read with that program.',
  },
  'newer-suite': {
    happened: 'This was encrypted in a way that this version of Parley does not know yet.',
    next: 'Update Parley to read it.',
  },

  'device-revoked': {
    happened: 'This was sent by a device that had been revoked.',
    next: 'It is not shown, as anybody may have it now.',
  },
  'sender-not-member': {
    happened: 'This was sent by somebody who was no member.',
    next: 'It is not shown.',
  },
  'epoch-over': {
    happened: 'This was encrypted with a key that was no longer in use.',
    next: 'It is not shown, as its author’s app would not have done that.',
  },
  'epoch-due': {
    happened: 'A new key is due before anything else can be sent.',
    next: 'The next app that sends makes it by itself.',
  },
  'not-permitted': {
    happened: 'Somebody made a change among the members that they may not make.',
    next: 'It was not taken.',
  },
  'not-a-member': {
    happened: 'A change was about somebody who is no member.',
    next: 'It was not taken.',
  },
  'already-a-member': {
    happened: 'Somebody was to be added who is a member already.',
    next: 'Nothing was changed.',
  },
  'no-such-invite': {
    happened: 'This invite link is not in force any more.',
    next: 'Ask an admin of the group for a new one.',
  },
  'too-many': {
    happened: 'This was more than there may be at once.',
    next: 'It was not taken.',
  },

  malformed: {
    happened: 'This is damaged, and cannot be read.',
    next: 'It is fetched again when the server was repaired.',
  },
  'bad-signature': {
    happened: 'This does not carry the signature of who it is said to be from.',
    next: 'It is not shown, as anybody may have made it up.',
  },
  tampered: {
    happened: 'This was changed on its way.',
    next: 'It is not shown. Ask its author to send it once more.',
  },
  'key-mismatch': {
    happened: 'The key that came for this is not the right one.',
    next: 'Others are asked for it, and it opens by itself once the right one comes.',
  },

  'head-moved': {
    happened: 'Somebody else changed the members at the same moment.',
    next: 'Your change is made once more by itself.',
  },
  'chain-broken': {
    happened: 'The server shows other members than it did before.',
    next: 'Nothing is sent here meanwhile. After a restore from a backup it mends by itself; if not, ask the server’s operator.',
  },
  'list-broken': {
    happened: 'The server shows other devices of somebody here than it did before.',
    next: 'Nothing is sent here meanwhile. After a restore from a backup it mends by itself; if not, ask the server’s operator.',
  },
  'identity-changed': {
    happened: 'Somebody here began again with new keys.',
    next: 'Compare the safety number with them before you go on.',
  },
}
