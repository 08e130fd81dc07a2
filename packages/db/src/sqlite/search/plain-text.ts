/** The text of a stored message, unless it is sealed or deleted. */
export const plainTextOf = (json: string): string | null => {
  const message: unknown = JSON.parse(json)
  if (typeof message !== 'object' || message === null || !('content' in message)) return null
  const { content } = message
  if (typeof content !== 'object' || content === null || !('kind' in content) || content.kind !== 'plain')
    return null
  return 'text' in content && typeof content.text === 'string' ? content.text : null
}
