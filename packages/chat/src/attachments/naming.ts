import { attachmentNameCharsMax } from '@parley/domain/limits'
import { Refusal } from '@parley/domain/refusal'
import { lineOf } from '@parley/domain/text'

/**
 * What a file name may not hold: path separators, control characters, and the marks that turn writing round, with
 * which `gnp.exe` passes for `exe.png`.
 */
const unfit = /[/\\\p{Cc}\u202a-\u202e\u2066-\u2069]/u

const AttachmentName = lineOf(attachmentNameCharsMax, 1).refine(
  (name) => !unfit.test(name) && name !== '.' && name !== '..',
  'must be the name of a file, without a path and without control characters',
)

/** RFC 6838: type and subtype, each a restricted name of 127 characters at most; together that must be enough here. */
const mediaTypeForm = /^[a-z0-9][a-z0-9!#$&^_.+-]*\/[a-z0-9][a-z0-9!#$&^_.+-]*$/
const mediaTypeCharsMax = 127
const anyBytes = 'application/octet-stream'

/** @throws Refusal `invalid-input` */
export function attachmentName(given: string): string {
  const name = AttachmentName.safeParse(given)
  if (name.success) return name.data
  throw new Refusal('invalid-input', `The file's name ${name.error.issues[0]?.message ?? 'is invalid'}.`, {
    field: 'filename',
  })
}

/** Type and subtype in lower case. Parameters are left out; nothing given stands for any bytes. @throws Refusal `invalid-input` */
export function attachmentMediaType(given: string): string {
  const mediaType = given.split(';', 1).join().trim().toLowerCase()
  if (mediaType === '') return anyBytes
  if (mediaType.length <= mediaTypeCharsMax && mediaTypeForm.test(mediaType)) return mediaType
  throw new Refusal('invalid-input', 'The media type must look like image/png.', { field: 'filetype' })
}
