import { createHash } from 'node:crypto'
import type { Device } from './device.ts'

/** Puts files into the composer as a paste does. */
export async function paste(device: Device, name: string, type: string, bytes: number): Promise<string> {
  await device.composer.evaluate(
    async (field, file) => {
      const content =
        file.type === 'image/png'
          ? await new Promise<Blob>((resolve, reject) => {
              const canvas = document.createElement('canvas')
              canvas.width = 400
              canvas.height = 250
              const pen = canvas.getContext('2d')
              if (pen) pen.fillStyle = 'teal'
              pen?.fillRect(40, 40, 320, 170)
              canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('There is no picture'))))
            })
          : new Blob([Uint8Array.from({ length: file.bytes }, (_, index) => (index * 31) % 251)])
      const data = new DataTransfer()
      data.items.add(new File([content], file.name, { type: file.type }))
      field.dispatchEvent(
        new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }),
      )
    },
    { name, type, bytes },
  )
  // It is in the store, and can be sent.
  await device.page.getByRole('button', { name: `Remove ${name}` }).waitFor()
  const bytesOf = Uint8Array.from({ length: bytes }, (_, index) => (index * 31) % 251)
  return createHash('sha256').update(bytesOf).digest('hex')
}
