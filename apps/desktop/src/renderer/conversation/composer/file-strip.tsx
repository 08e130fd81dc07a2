import { X } from 'lucide-react'
import { IconButton } from '../../ui/button.tsx'
import { ProgressBar } from '../../ui/progress-bar.tsx'
import { FileIcon } from '../content/attachments/file-icon.tsx'
import { isPicture, kindOfFile, mediaTypeOf } from '../content/attachments/kinds-of-files.ts'
import { sizeWords } from '../content/attachments/size-words.ts'
import { usePicture } from '../content/attachments/use-picture.ts'
import type { Adding, Files } from './use-files.ts'

/** What goes with the message. */
export function FileStrip({ files }: { readonly files: Files }) {
  const { there, adding, remove } = files
  if (there.length + adding.length === 0) return null
  return (
    <ul aria-label="Attached files" className="flex flex-wrap gap-2 px-2 pt-2">
      {there.map((file) => (
        <li key={file.id} className={card}>
          {isPicture(file) ? <Thumbnail file={file} /> : <Sign name={file.name} mediaType={file.mediaType} />}
          <Named name={file.name} about={sizeWords(file.bytes)} />
          <IconButton label={`Remove ${file.name}`} icon={<X size={16} />} onClick={() => remove(file.id)} />
        </li>
      ))}
      {adding.map((file) => (
        <BeingAdded key={file.key} file={file} />
      ))}
    </ul>
  )
}

const card = 'flex h-12 w-56 items-center gap-2.5 rounded-medium border border-line bg-ground pr-1.5 pl-1.5'

function BeingAdded({ file: { name, bytes, doneBytes, cancel } }: { readonly file: Adding }) {
  return (
    <li className={card}>
      <Sign name={name} mediaType={mediaTypeOf(name)} />
      <span className="flex min-w-0 flex-1 flex-col gap-1.5">
        <span className="truncate text-small">{name}</span>
        <ProgressBar label={`Adding ${name}`} done={doneBytes} all={bytes} />
      </span>
      <IconButton label={`Do not add ${name}`} icon={<X size={16} />} onClick={cancel} />
    </li>
  )
}

function Named({ name, about }: { readonly name: string; readonly about: string }) {
  return (
    <span className="flex min-w-0 flex-1 flex-col">
      <span title={name} className="truncate text-small">
        {name}
      </span>
      <span className="text-small text-dim">{about}</span>
    </span>
  )
}

function Sign({ name, mediaType }: { readonly name: string; readonly mediaType: string }) {
  return (
    <span className="flex size-9 shrink-0 items-center justify-center rounded-small bg-hover text-dim">
      <FileIcon kind={kindOfFile({ name, mediaType })} />
    </span>
  )
}

function Thumbnail({ file }: { readonly file: Files['there'][number] }) {
  const { url } = usePicture(file, null)
  return (
    <span className="size-9 shrink-0 overflow-hidden rounded-small bg-hover">
      {url !== null && <img src={url} alt="" className="size-full object-cover" />}
    </span>
  )
}
