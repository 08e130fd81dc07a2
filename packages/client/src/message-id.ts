let lastMs = 0
let counter = 0

/** Of the 42 bits in which ids of one millisecond count up, the highest one is left free for that. */
const counterStartBits = 41

/**
 * A new name for a message: a UUIDv7 (RFC 9562). Those of one program sort in the order in which they were made, also
 * within a millisecond and when its clock is set back, so that they lie side by side in the server's index.
 *
 * @param nowMs milliseconds since 1970
 */
export function newClientMessageId(nowMs = Date.now()): string {
  const random = crypto.getRandomValues(new Uint8Array(10))
  if (nowMs > lastMs) {
    lastMs = nowMs
    counter = bitsOf(random, counterStartBits)
  } else {
    counter += 1
  }
  const time = lastMs.toString(16).padStart(12, '0').slice(-12)
  const high = hex(Math.floor(counter / 2 ** 30), 3)
  // The two bits of the variant, then 30 bits of the counter; 32 random bits end the id.
  const low = counter % 2 ** 30
  const middle = hex(0x8000 | Math.floor(low / 2 ** 16), 4)
  const tail = [...random.subarray(6)].map((byte) => hex(byte, 2)).join('')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${high}-${middle}-${hex(low % 2 ** 16, 4)}${tail}`
}

const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0')

function bitsOf(bytes: Uint8Array, bits: number): number {
  let value = 0
  for (const byte of bytes.subarray(0, Math.ceil(bits / 8))) value = value * 256 + byte
  return value % 2 ** bits
}
