import { joined, labelled, signatureBytes, signedPart } from '@parley/domain/sealed/bytes'
import type { Label, PublicKey } from '@parley/domain/sealed/bytes'
import type { Primitives, SigningKey } from './primitives.ts'

/** A structure with its signature at the end, under a label. */
export const signedUnder = (label: Label, key: SigningKey, body: Uint8Array): Uint8Array =>
  joined(body, key.sign(labelled(label, body)))

export const isSignedUnder = (
  primitives: Primitives,
  label: Label,
  key: PublicKey,
  bytes: Uint8Array,
): boolean => primitives.verify(key, signedPart(label, bytes), bytes.subarray(-signatureBytes))
