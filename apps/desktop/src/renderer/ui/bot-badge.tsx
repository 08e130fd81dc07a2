/** Behind the name of whoever is a program. It is read out with the name. */
export function BotBadge() {
  return (
    <span className="shrink-0 rounded-small border border-line px-1 text-small leading-[14px] font-normal text-dim">
      bot
    </span>
  )
}
