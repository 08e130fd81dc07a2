import {
  File,
  FileArchive,
  FileCode,
  FileMusic,
  FileSpreadsheet,
  FileText,
  FileVideo,
  Image,
} from 'lucide-react'
import type { FileKind } from './kinds-of-files.ts'

const icons = {
  picture: Image,
  film: FileVideo,
  sound: FileMusic,
  archive: FileArchive,
  table: FileSpreadsheet,
  text: FileText,
  code: FileCode,
  other: File,
} as const satisfies Record<FileKind, unknown>

export function FileIcon({ kind }: { readonly kind: FileKind }) {
  const Icon = icons[kind]
  return <Icon aria-hidden size={16} />
}
