/** What the page shows as a picture: formats that hold pixels and nothing that runs. */
const pictures: ReadonlySet<string> = new Set([
  'image/avif',
  'image/bmp',
  'image/gif',
  'image/jpeg',
  'image/png',
  'image/webp',
])

/** Larger pictures are shown as files: it would take long to bring them, and much memory to show them. */
const previewBytesMax = 16 * 1024 * 1024

export const isPicture = ({
  mediaType,
  bytes,
}: {
  readonly mediaType: string
  readonly bytes: number
}): boolean => pictures.has(mediaType.toLowerCase()) && bytes <= previewBytesMax

export type FileKind = 'picture' | 'film' | 'sound' | 'archive' | 'table' | 'text' | 'code' | 'other'

const byEnding: Readonly<Record<string, readonly [FileKind, string]>> = {
  avif: ['picture', 'image/avif'],
  bmp: ['picture', 'image/bmp'],
  gif: ['picture', 'image/gif'],
  jpeg: ['picture', 'image/jpeg'],
  jpg: ['picture', 'image/jpeg'],
  png: ['picture', 'image/png'],
  svg: ['picture', 'image/svg+xml'],
  webp: ['picture', 'image/webp'],
  mov: ['film', 'video/quicktime'],
  mp4: ['film', 'video/mp4'],
  webm: ['film', 'video/webm'],
  flac: ['sound', 'audio/flac'],
  mp3: ['sound', 'audio/mpeg'],
  ogg: ['sound', 'audio/ogg'],
  wav: ['sound', 'audio/wav'],
  '7z': ['archive', 'application/x-7z-compressed'],
  gz: ['archive', 'application/gzip'],
  tar: ['archive', 'application/x-tar'],
  zip: ['archive', 'application/zip'],
  csv: ['table', 'text/csv'],
  ods: ['table', 'application/vnd.oasis.opendocument.spreadsheet'],
  xlsx: ['table', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
  docx: ['text', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
  md: ['text', 'text/markdown'],
  odt: ['text', 'application/vnd.oasis.opendocument.text'],
  pdf: ['text', 'application/pdf'],
  txt: ['text', 'text/plain'],
  css: ['code', 'text/css'],
  html: ['code', 'text/html'],
  js: ['code', 'text/javascript'],
  json: ['code', 'application/json'],
  py: ['code', 'text/x-python'],
  ts: ['code', 'text/x-typescript'],
  yaml: ['code', 'application/yaml'],
  yml: ['code', 'application/yaml'],
}

const endingOf = (name: string): string => /\.([a-z0-9]{1,5})$/i.exec(name)?.[1]?.toLowerCase() ?? ''

/** The media type by the end of a file's name; empty where it says nothing. */
export const mediaTypeOf = (name: string): string => byEnding[endingOf(name)]?.[1] ?? ''

export function kindOfFile({
  name,
  mediaType,
}: {
  readonly name: string
  readonly mediaType: string
}): FileKind {
  const known = byEnding[endingOf(name)]?.[0]
  if (known) return known
  if (mediaType.startsWith('image/')) return 'picture'
  if (mediaType.startsWith('video/')) return 'film'
  if (mediaType.startsWith('audio/')) return 'sound'
  return mediaType.startsWith('text/') ? 'text' : 'other'
}
