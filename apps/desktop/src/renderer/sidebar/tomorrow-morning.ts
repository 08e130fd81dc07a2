/** Until the next morning, when most people want to hear of things again. Milliseconds since 1970. */
export function tomorrowMorning(now: Date): number {
  return new Date(
    now.getFullYear(),
    now.getMonth(),
    now.getDate() + (now.getHours() < 4 ? 0 : 1),
    8,
  ).getTime()
}
