/** Text frames as a server sends them: one piece, unmasked, uncompressed (RFC 6455, section 5.2). */

const finalText = 0x81
const finalPing = 0x89
const bytes16BitMax = 0xffff

export const pingFrame: Uint8Array = Buffer.from([finalPing, 0])
export const pongTextFrame: Uint8Array = textFrame('PONG')
export const frameHeadBytesMax = 10

export function frameHeadBytes(payloadBytes: number): number {
  return payloadBytes < 126 ? 2 : payloadBytes <= bytes16BitMax ? 4 : 10
}

/** Writes the head of a text frame and returns where its payload starts. */
export function writeFrameHead(into: Buffer, at: number, payloadBytes: number): number {
  into[at] = finalText
  if (payloadBytes < 126) {
    into[at + 1] = payloadBytes
    return at + 2
  }
  if (payloadBytes <= bytes16BitMax) {
    into[at + 1] = 126
    into[at + 2] = payloadBytes >>> 8
    into[at + 3] = payloadBytes & 0xff
    return at + 4
  }
  into[at + 1] = 127
  into.writeUIntBE(0, at + 2, 2)
  into.writeUIntBE(payloadBytes, at + 4, 6)
  return at + 10
}

/** A whole frame in one buffer, ready for any number of sockets. */
export function textFrame(text: string): Buffer {
  const payloadBytes = Buffer.byteLength(text)
  const frame = Buffer.allocUnsafe(frameHeadBytes(payloadBytes) + payloadBytes)
  frame.write(text, writeFrameHead(frame, 0, payloadBytes))
  return frame
}
