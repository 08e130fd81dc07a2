import { useMemo } from 'react'
import { encode } from 'uqr'

/** Light modules around it, which readers need to find it. */
const borderModules = 2

/** A text as a QR code. It is dark on light in both themes: not every reader knows the other way round. */
export function QrCode({ text, label }: { readonly text: string; readonly label: string }) {
  const { size, path } = useMemo(() => drawn(text), [text])
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${String(size)} ${String(size)}`}
      shapeRendering="crispEdges"
      className="size-36 rounded-medium bg-[oklch(1_0_0)]"
    >
      <path d={path} className="fill-[oklch(0.2_0_0)]" />
    </svg>
  )
}

function drawn(text: string) {
  const { data, size } = encode(text, { border: borderModules, ecc: 'M' })
  const path = data
    .flatMap((row, y) => row.map((dark, x) => (dark ? `M${String(x)} ${String(y)}h1v1h-1z` : '')))
    .join('')
  return { size, path }
}
