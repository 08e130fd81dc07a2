/** What happened and what to do, for the kinds of trouble that people meet. */
const words: Readonly<Record<string, string>> = {
  'wrong-credentials': 'That name and password do not go together.',
  'account-disabled': 'This account was disabled by the server’s operator.',
  'sign-up-closed': 'New people cannot sign up here by themselves. Ask the server’s operator.',
  'invite-link-invalid': 'This invite link was used up or has expired. Ask for a new one.',
  'username-taken': 'Somebody has this username already. Try another.',
  'password-common': 'This password is on lists that attackers try first. Choose another.',
  'not-allowed': 'Your role does not allow this.',
  'not-a-member': 'You are not in this conversation any more.',
  'already-a-member': 'Already in this conversation.',
  'conversation-closed': 'This group was closed: it can be read, and nothing in it changes.',
  'conversation-full': 'This group is full.',
  'wrong-conversation-password': 'That is not the password of this group.',
  'founder-must-stay': 'The founder cannot leave. Hand the group over first, or close it.',
  'message-deleted': 'The message was deleted meanwhile.',
  'rate-limited': 'That was too often. Try again in a moment.',
  'storage-full': 'The server’s disk is full. Nothing was lost; try again later.',
  'shutting-down': 'The server is restarting. It goes on by itself in a moment.',
  'signed-out': 'The session has ended. Sign in again.',
  unreachable: 'The server cannot be reached.',
  'connection-lost': 'The connection broke off before an answer came.',
  'server-failed': 'The server met a defect. Its log has the details.',
  'not-understood': 'There is no Parley at this address, or one of another version.',
  interrupted: 'The app was interrupted; look whether this was done.',
}

export const wordsFor = (kind: string, message: string): string => words[kind] ?? message
