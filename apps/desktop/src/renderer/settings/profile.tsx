import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { act, complain } from '../live/act.ts'
import { engine } from '../live/clients.ts'
import { at, placeTrouble } from '../live/field-trouble.ts'
import { type Me, meQuery, outboxQuery } from '../live/queries.ts'
import { Avatar } from '../ui/avatar.tsx'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/field.tsx'
import { Form, FormProblem } from '../ui/form.tsx'
import { Panel } from '../ui/panel.tsx'
import { Shape } from '../ui/states.tsx'

const fields = ['displayName', 'name', 'lastName', 'username'] as const
type Field = (typeof fields)[number]
type Profile = Readonly<Record<Field, string>>

const profileOf = ({ displayName, name, lastName, username }: Me): Profile => ({
  displayName,
  name,
  lastName,
  username,
})

/** Who one is to others. It can be changed without a connection, too. */
export function Profile() {
  const { data: me } = useQuery(meQuery)
  return (
    <Panel title="Profile" about="How others on this server see you.">
      {me ? <ProfileForm key={me.id} me={me} /> : <Shape lines={3} />}
    </Panel>
  )
}

function ProfileForm({ me }: { readonly me: Me }) {
  const [wish, setWish] = useState<Partial<Profile>>({})
  const { waiting, refused, trouble, takeBack } = useProfileOperations()
  const known = profileOf(me)
  // What was refused is shown as it was wished, so that it can be put right.
  const shown: Profile = { ...known, ...refused?.profile, ...wish }
  const changed = fields.filter((field) => shown[field].trim() !== known[field])
  const field = (name: Field) => ({
    value: shown[name],
    problem: at(trouble, name),
    onChange: (event: { readonly target: { readonly value: string } }) =>
      setWish({ ...wish, [name]: event.target.value }),
  })
  const save = async () => {
    if (changed.length === 0) return
    const profile = Object.fromEntries(changed.map((name) => [name, shown[name].trim()]))
    await takeBack()
    if (await act({ kind: 'update-profile', profile })) setWish({})
  }
  const discard = async () => {
    setWish({})
    await takeBack()
  }
  return (
    <Form label="Profile" onSubmit={() => void save()}>
      <div className="flex items-center gap-4 pb-2">
        <Avatar seed={me.id} name={shown.displayName} size={56} />
        <div className="flex min-w-0 flex-col">
          <span className="truncate text-head font-semibold">{shown.displayName}</span>
          <span className="truncate text-dim select-text">@{shown.username}</span>
        </div>
      </div>
      <TextField
        label="Display name"
        hint="Stands beside all that you write."
        autoComplete="off"
        {...field('displayName')}
      />
      <div className="grid gap-4 @lg:grid-cols-2">
        <TextField label="First name" autoComplete="off" {...field('name')} />
        <TextField label="Last name" autoComplete="off" {...field('lastName')} />
      </div>
      <TextField
        label="Username"
        hint="You sign in with it, and others mention you by it."
        autoComplete="off"
        autoCapitalize="off"
        {...field('username')}
      />
      <FormProblem text={at(trouble, null)} />
      <div className="flex items-center gap-2 pt-2">
        <Button type="submit" tone="primary" disabled={changed.length === 0}>
          Save
        </Button>
        {changed.length > 0 && (
          <Button tone="quiet" onClick={() => void discard()}>
            Discard
          </Button>
        )}
        <span role="status" className="text-dim">
          {waiting && 'Kept here, and sent as soon as there is a connection.'}
        </span>
      </div>
    </Form>
  )
}

/** What became of changes of the profile that are on their way. */
function useProfileOperations() {
  const { data: outbox = [] } = useQuery(outboxQuery)
  const mine = outbox.flatMap(({ id, action, state, problem }) =>
    action.kind === 'update-profile' ? [{ id, state, problem, profile: action.profile }] : [],
  )
  const refused = mine.filter(({ state }) => state === 'refused')
  const last = refused.at(-1)
  return {
    waiting: mine.some(({ state }) => state === 'waiting' || state === 'unconfirmed'),
    refused: last,
    trouble: last?.problem ? placeTrouble(last.problem, fields, { 'username-taken': 'username' }) : null,
    takeBack: async () => {
      try {
        for (const { id } of refused) await engine.outbox.undo.mutate({ id })
      } catch (error) {
        complain(error)
      }
    },
  }
}
