// Parley's mark: two rounded forms that speak towards each other, and what they share where they meet. It is the same
// when it is turned by half a circle, as neither of the two is the one who owns the conversation.

/** The mark is drawn on a square of so many units. */
const side = 1024

const colours = {
  tile: 'oklch(0.47 0.09 207)',
  near: 'oklch(0.985 0.008 205)',
  far: 'oklch(0.8 0.085 200)',
  shared: 'oklch(0.3 0.06 215)',
  unread: 'oklch(0.68 0.2 35)',
}

/** A rounded form with one corner drawn out: `near` to the lower left, `far` to the upper right. */
const near = form(152, 302, 460, { lowerLeft: 60 })
const far = form(412, 262, 460, { upperRight: 60 })

function form(
  x: number,
  y: number,
  size: number,
  corner: { readonly lowerLeft?: number; readonly upperRight?: number },
): string {
  const round = size / 2
  const { lowerLeft = round, upperRight = round } = corner
  const right = x + size
  const bottom = y + size
  return [
    `M${x + round} ${y}`,
    `H${right - upperRight}`,
    `A${upperRight} ${upperRight} 0 0 1 ${right} ${y + upperRight}`,
    `V${bottom - round}`,
    `A${round} ${round} 0 0 1 ${right - round} ${bottom}`,
    `H${x + lowerLeft}`,
    `A${lowerLeft} ${lowerLeft} 0 0 1 ${x} ${bottom - lowerLeft}`,
    `V${y + round}`,
    `A${round} ${round} 0 0 1 ${x + round} ${y}Z`,
  ].join('')
}

const svg = (content: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}" viewBox="0 0 ${side} ${side}">${content}</svg>`

const inTile = (margin: number, content: string): string =>
  `<g transform="translate(${margin} ${margin}) scale(${(side - 2 * margin) / side})">${content}</g>`

const tile = `<rect width="${side}" height="${side}" rx="232" fill="${colours.tile}"/>`
const forms = [
  `<clipPath id="near"><path d="${near}"/></clipPath>`,
  `<path d="${far}" fill="${colours.far}"/>`,
  `<path d="${near}" fill="${colours.near}"/>`,
  `<path d="${far}" fill="${colours.shared}" clip-path="url(#near)"/>`,
].join('')

/** @param margin around the tile, in units; macOS wants 100 */
export const appIcon = (margin: number): string => svg(inTile(margin, tile + forms))

/** Something is unread: a dot in the upper right, with air around it. */
const dot = { x: 800, y: 224, radius: 200, air: 72 }
const holeForDot = [
  `<mask id="air"><rect width="${side}" height="${side}" fill="#fff"/>`,
  `<circle cx="${dot.x}" cy="${dot.y}" r="${dot.radius + dot.air}" fill="#000"/></mask>`,
].join('')
const dotOf = (colour: string): string =>
  `<circle cx="${dot.x}" cy="${dot.y}" r="${dot.radius}" fill="${colour}"/>`

/** For trays that show colours. */
export function trayIcon(unread: boolean): string {
  if (!unread) return svg(tile + forms)
  return svg(`${holeForDot}<g mask="url(#air)">${tile}${forms}</g>${dotOf(colours.unread)}`)
}

/** For the menu bar of macOS, which takes the shape alone: what the two share is left open. */
export function templateIcon(unread: boolean): string {
  const shape = `<g transform="translate(-196 -196) scale(1.383)"><path fill-rule="evenodd" d="${near}${far}"/></g>`
  if (!unread) return svg(shape)
  return svg(`${holeForDot}<g mask="url(#air)">${shape}</g>${dotOf('#000')}`)
}

/** Laid over the app's icon in the task bar of Windows. */
export const overlayIcon = (): string => svg(`<circle cx="512" cy="512" r="460" fill="${colours.unread}"/>`)
