import { useQuery } from '@tanstack/react-query'
import { Plus, X } from 'lucide-react'
import { desk } from '../live/clients.ts'
import { Button } from '../ui/button.tsx'
import { Switch } from '../ui/choice.tsx'
import { Menu } from '../ui/menu.tsx'
import { Group, Row, rows } from '../ui/panel.tsx'

/** As the desk bounds them. */
const languagesMax = 5

interface SpellingProps {
  /** Null: those of the system. */
  readonly chosen: readonly string[] | null
  readonly onChange: (chosen: string[] | null) => void
}

/** In which languages is looked over what one writes. */
export function Spelling({ chosen, onChange }: SpellingProps) {
  const { data: languages = [] } = useQuery({
    queryKey: ['spelling-languages'],
    queryFn: () => desk.settings.spellingLanguages.query(),
    meta: { topics: [] },
  })
  const on = chosen === null || chosen.length > 0
  return (
    <Group title="Spelling">
      <div className={rows}>
        <Switch
          label="Check spelling while you write"
          {...(languages.length > 0 && {
            hint: 'For each language a dictionary is fetched once, from Google.',
          })}
          checked={on}
          onChange={(checked) => onChange(checked ? null : [])}
        />
        {/* A system that finds the language by itself has no list of them. */}
        {on && languages.length > 0 && (
          <Switch
            label="In the languages of the system"
            checked={chosen === null}
            onChange={(checked) => onChange(checked ? null : firstOf(languages))}
          />
        )}
        {chosen !== null && chosen.length > 0 && (
          <Languages chosen={chosen} languages={languages} onChange={onChange} />
        )}
      </div>
    </Group>
  )
}

interface LanguagesProps {
  readonly chosen: readonly string[]
  readonly languages: readonly string[]
  readonly onChange: (chosen: string[] | null) => void
}

function Languages({ chosen, languages, onChange }: LanguagesProps) {
  const others = languages
    .filter((tag) => !chosen.includes(tag))
    .map((tag) => ({ label: languageName(tag), run: () => onChange([...chosen, tag]) }))
    .toSorted((a, b) => a.label.localeCompare(b.label))
  return (
    <Row label="Languages" hint={`Up to ${String(languagesMax)}.`}>
      <ul aria-label="Languages chosen" className="flex flex-wrap gap-1">
        {chosen.map((tag) => (
          <li
            key={tag}
            className="flex h-7 items-center gap-1 rounded-medium border border-line pr-1 pl-2 text-small"
          >
            {languageName(tag)}
            <button
              type="button"
              aria-label={`Remove ${languageName(tag)}`}
              disabled={chosen.length === 1}
              onClick={() => onChange(chosen.filter((each) => each !== tag))}
              className="flex size-5 items-center justify-center rounded-small text-dim hover:bg-hover hover:text-text disabled:opacity-40"
            >
              <X aria-hidden size={12} />
            </button>
          </li>
        ))}
      </ul>
      {chosen.length < languagesMax && others.length > 0 && (
        <Menu items={others}>
          <Button size="small">
            <Plus aria-hidden size={16} />
            Add
          </Button>
        </Menu>
      )}
    </Row>
  )
}

const names = new Intl.DisplayNames(['en'], { type: 'language' })
const languageName = (tag: string) => names.of(tag) ?? tag

/** What somebody most likely means who chooses for the first time: the language of the app's surroundings. */
function firstOf(languages: readonly string[]): string[] {
  const [wanted = 'en'] = navigator.language.split('-')
  const first =
    languages.find((tag) => tag === navigator.language) ??
    languages.find((tag) => tag.startsWith(wanted)) ??
    languages[0]
  return first === undefined ? [] : [first]
}
