/** Another server's answer was larger than anything that we would read of it. */
export class AnswerTooLarge extends Error {
  override readonly name = 'AnswerTooLarge'
}

/**
 * The whole body of an answer, if it is no larger than `bytesMax`; of a larger one no more than that is taken in.
 * @throws AnswerTooLarge; whatever `fetch` says of a connection that breaks or takes too long.
 */
export async function boundedBody(response: Response, bytesMax: number): Promise<Buffer<ArrayBuffer>> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  // Leaving the loop early cancels the body, which closes the connection.
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength
    if (bytes > bytesMax) throw new AnswerTooLarge(`The answer has more than ${bytesMax} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
