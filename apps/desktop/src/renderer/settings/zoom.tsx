import { Minus, Plus } from 'lucide-react'
import { Button, IconButton } from '../ui/button.tsx'

/** As the desk bounds it. */
const levelMin = -3
const levelMax = 5
/** What a level of the browser's zoom makes larger. */
const factorOfLevel = 1.2

interface ZoomProps {
  readonly level: number
  readonly onChange: (level: number) => void
}

export function Zoom({ level, onChange }: ZoomProps) {
  const step = (by: number) => onChange(Math.min(levelMax, Math.max(levelMin, Math.round(level) + by)))
  return (
    <div className="flex items-center gap-1">
      {level !== 0 && (
        <Button tone="quiet" size="small" onClick={() => onChange(0)}>
          Reset
        </Button>
      )}
      <IconButton
        label="Smaller"
        keys="Mod+-"
        icon={<Minus size={16} />}
        disabled={level <= levelMin}
        onClick={() => step(-1)}
      />
      <output aria-label="Size" className="w-12 text-center tabular-nums">
        {Math.round(factorOfLevel ** level * 100)} %
      </output>
      <IconButton
        label="Larger"
        keys="Mod++"
        icon={<Plus size={16} />}
        disabled={level >= levelMax}
        onClick={() => step(1)}
      />
    </div>
  )
}
