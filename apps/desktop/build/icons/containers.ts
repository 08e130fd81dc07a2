// Windows and macOS take pictures of several sizes in one file. Both formats hold PNGs as they are.

export interface Picture {
  /** Its width, which is its height, in pixels. */
  readonly pixels: number
  readonly png: Buffer
}

const icoHeaderBytes = 6
const icoEntryBytes = 16

/** An ICO file: a directory, and then the pictures. Windows Vista and later read PNGs in it. */
export function icoOf(pictures: readonly Picture[]): Buffer {
  const header = Buffer.alloc(icoHeaderBytes)
  header.writeUInt16LE(1, 2)
  header.writeUInt16LE(pictures.length, 4)
  let offset = icoHeaderBytes + icoEntryBytes * pictures.length
  const entries = pictures.map(({ pixels, png }) => {
    const entry = Buffer.alloc(icoEntryBytes)
    // A byte each for width and height, where 0 stands for 256.
    entry.writeUInt8(pixels % 256, 0)
    entry.writeUInt8(pixels % 256, 1)
    entry.writeUInt16LE(1, 4)
    entry.writeUInt16LE(32, 6)
    entry.writeUInt32LE(png.length, 8)
    entry.writeUInt32LE(offset, 12)
    offset += png.length
    return entry
  })
  return Buffer.concat([header, ...entries, ...pictures.map(({ png }) => png)])
}

/** The types of an ICNS file that hold PNGs, by pixels: for each size the plain one, or the one for dense displays. */
const icnsTypes: Readonly<Record<number, readonly string[]>> = {
  16: ['icp4'],
  32: ['icp5', 'ic11'],
  64: ['ic12'],
  128: ['ic07'],
  256: ['ic08', 'ic13'],
  512: ['ic09', 'ic14'],
  1024: ['ic10'],
}

export const icnsPixels = Object.keys(icnsTypes).map(Number)

export function icnsOf(pictures: readonly Picture[]): Buffer {
  const chunks = pictures.flatMap(({ pixels, png }) =>
    (icnsTypes[pixels] ?? []).map((type) => chunk(type, png)),
  )
  return chunk('icns', Buffer.concat(chunks))
}

/** Four letters, the length with these eight bytes, and the content. */
function chunk(type: string, content: Buffer): Buffer {
  const header = Buffer.alloc(8)
  header.write(type, 0, 'ascii')
  header.writeUInt32BE(header.length + content.length, 4)
  return Buffer.concat([header, content])
}
