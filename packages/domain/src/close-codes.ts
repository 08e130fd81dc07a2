/** Why a server closes a socket: 1xxx are those of RFC 6455, 4xxx say what the HTTP status with the same last digits says. */
export const closeCodes = {
  defect: 1011,
  restart: 1012,
  malformed: 4400,
  /** The session has ended, or the token is of none: there is no use in showing it again. */
  unauthenticated: 4401,
  forbidden: 4403,
  /** Nobody was authenticated in time. A token may be as good as before. */
  late: 4408,
  tooMany: 4429,
} as const
