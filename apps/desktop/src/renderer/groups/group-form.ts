import { conversationNameCharsMax } from '@parley/domain/limits'
import type { Action, ConversationKey, ConversationView } from '../live/queries.ts'
import type { JoinPolicy } from './policy-words.ts'

/** What can be said of a group. */
export interface GroupForm {
  readonly name: string
  readonly description: string
  readonly joinPolicy: JoinPolicy
  /** Empty: none, or the one that it has. */
  readonly password: string
  readonly listed: boolean
}

export interface FormProblems {
  readonly name: string | null
  readonly password: string | null
}

type Before = Pick<ConversationView['conversation'], 'name' | 'description' | 'joinPolicy' | 'listed'>

export const newGroup: GroupForm = {
  name: '',
  description: '',
  joinPolicy: 'closed',
  password: '',
  listed: true,
}

export const formOf = ({ name, description, joinPolicy, listed }: Before): GroupForm => ({
  name,
  description,
  joinPolicy,
  password: '',
  // Where nobody can join it was never asked.
  listed: joinPolicy === 'closed' ? true : listed,
})

/** A group that only its admins add people to is of no use in a list. */
export const isListed = ({ joinPolicy, listed }: GroupForm) => joinPolicy !== 'closed' && listed

/** @param before the group as it is; null for one that is made. */
export function problemsOf(form: GroupForm, before: Before | null): FormProblems {
  const name = form.name.trim()
  return {
    name:
      name === ''
        ? 'A group needs a name.'
        : name.length > conversationNameCharsMax
          ? `At most ${String(conversationNameCharsMax)} characters.`
          : null,
    password: passwordProblem(form, before),
  }
}

function passwordProblem(form: GroupForm, before: Before | null): string | null {
  if (form.joinPolicy !== 'password' || form.password !== '') return null
  if (before?.joinPolicy !== 'password') return 'Choose the password that lets people in.'
  // The server is told of the whole policy at once, and knows the password by its hash alone.
  return isListed(form) === before.listed ? null : 'Give the password again, to change who finds the group.'
}

/** What to do so that a group becomes what the form says: nothing for what is so already. */
export function changesTo(
  conversationId: ConversationKey,
  before: Before,
  form: GroupForm,
): readonly Action[] {
  const name = form.name.trim()
  const description = form.description.trim()
  const { joinPolicy, password } = form
  const listed = isListed(form)
  const isNewPolicy =
    joinPolicy !== before.joinPolicy ||
    listed !== before.listed ||
    (joinPolicy === 'password' && password !== '')
  return [
    ...(name === before.name ? [] : [{ kind: 'rename', conversationId, name } as const]),
    ...(description === before.description
      ? []
      : [{ kind: 'describe', conversationId, description } as const]),
    ...(isNewPolicy
      ? [
          {
            kind: 'set-join-policy',
            conversationId,
            joinPolicy,
            listed,
            ...(joinPolicy === 'password' && { password }),
          } as const,
        ]
      : []),
  ]
}
