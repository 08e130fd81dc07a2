import { retryFirstMsMax, retryMsMax } from './limits.ts'

/**
 * How long to wait before the next try: exponential with full jitter, so that clients which lost their server in the
 * same moment do not come back in the same moment.
 * (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/)
 *
 * @param failures tries in a row that failed before the last one
 * @param random from 0 up to 1
 */
export function backoffMs(failures: number, random: () => number): number {
  return Math.floor(random() * Math.min(retryMsMax, retryFirstMsMax * 2 ** Math.min(failures, 30)))
}
