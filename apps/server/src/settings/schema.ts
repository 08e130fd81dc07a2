import { attachmentBytesMax } from '@parley/domain/limits'
import { SignUpPolicy } from '@parley/domain/server'
import { z } from 'zod'
import { isOnThisMachine } from '../oidc/this-machine.ts'

declare module 'zod' {
  interface GlobalMeta {
    /** What stands for the value in the help. */
    value?: string
    /** Its value is shown to nobody, not even in an error. */
    secret?: boolean
  }
}

/** The notes that a gateway speaks to the letter. */
export const gatewayNames = ['sealed', 'direct', 'invites', 'poll'] as const

const webAddress = z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// address' })

const origin = webAddress.refine(
  (url) => URL.parse(url)?.origin === url,
  'must be an origin, such as https://chat.example.org',
)

/** Whoever sits between this server and its issuer could be anybody: plain HTTP does within this machine alone. */
const issuerAddress = webAddress.refine((address) => {
  const url = URL.parse(address)
  return url !== null && (url.protocol === 'https:' || isOnThisMachine(url))
}, 'must be an https:// address; http:// is for an issuer on this machine alone')

/** Below it SQLite cannot hold the tables of an empty server. */
const dataPagesMin = 200

/**
 * Every setting, its default and what it means. Its flag, its environment variable and its key in the file all come
 * from its name here: `signUp` is `--sign-up`, `PARLEY_SIGN_UP` and `"signUp"`; `oidc.issuer` is `--oidc-issuer`,
 * `PARLEY_OIDC_ISSUER` and `"oidc": { "issuer": … }`.
 */
export const Settings = z
  .strictObject({
    host: z.string().min(1).default('127.0.0.1').meta({
      value: 'ADDRESS',
      description:
        'Address to listen at. Parley speaks plain HTTP: put a TLS proxy before it, or keep to a network you trust, before you open it with 0.0.0.0 or ::',
    }),
    port: z
      .int()
      .min(0)
      .max(65_535)
      .default(4100)
      .meta({ value: 'PORT', description: 'Port to listen at; 0 takes a free one' }),
    data: z
      .string()
      .min(1)
      .default('parley-data')
      .meta({ value: 'FOLDER', description: 'Folder that holds everything; made if it is not there' }),
    publicUrl: webAddress.optional().meta({
      value: 'URL',
      description: 'Address at which people reach the server, where a proxy stands before it',
    }),
    serverName: z
      .string()
      .trim()
      .min(1)
      .max(80)
      .default('Parley')
      .meta({ value: 'NAME', description: 'What people see the server called' }),
    allowedOrigins: z.array(origin).default([]).meta({
      value: 'ORIGIN,…',
      description:
        "Origins whose pages may use the API, beside the server's own. Programs other than browsers need none",
    }),
    signUp: SignUpPolicy.default('invite').meta({
      value: 'open|invite|closed',
      description: 'Who may make an account: anybody, who has an invite link, or nobody but the operator',
    }),
    passwords: z.enum(['on', 'off']).default('on').meta({
      value: 'on|off',
      description:
        'Whether people sign in with passwords; off where an identity provider or web application knows them',
    }),
    rateFactor: z
      .number()
      .positive()
      .max(1e9)
      .default(1)
      .meta({ value: 'NUMBER', description: 'Multiplies every rate limit' }),
    gateways: z
      .array(z.enum(gatewayNames))
      .default([])
      .meta({ value: 'NAME,…', description: `Further protocols to speak: ${gatewayNames.join(', ')}` }),
    trustedProxies: z
      .array(z.string().refine(isAddressOrBlock, 'must be an IP address or a block such as 10.0.0.0/8'))
      .default([])
      .meta({
        value: 'ADDRESS,…',
        description:
          'Proxies whose X-Forwarded-For is believed, as addresses or blocks; from anybody else the header means nothing',
      }),
    oidc: z
      .strictObject({
        issuer: issuerAddress
          .optional()
          .meta({ value: 'URL', description: 'OpenID Connect issuer that people may sign in with' }),
        clientId: z
          .string()
          .min(1)
          .optional()
          .meta({ value: 'ID', description: 'What Parley is called at the issuer' }),
        clientSecret: z.string().min(1).optional().meta({
          value: 'SECRET',
          secret: true,
          description: 'For clients that have one. Others can see flags: prefer the environment or the file',
        }),
        label: z
          .string()
          .trim()
          .min(1)
          .max(40)
          .default('Single sign-on')
          .meta({ value: 'TEXT', description: 'What the sign-in button says' }),
        scopes: z
          .array(z.string().min(1))
          .refine((scopes) => scopes.includes('openid'), 'must have openid among them')
          .default(['openid', 'profile', 'email'])
          .meta({ value: 'SCOPE,…', description: 'What the issuer is asked for' }),
      })
      .refine((oidc) => oidc.issuer === undefined || oidc.clientId !== undefined, {
        path: ['clientId'],
        message: 'is needed beside oidc.issuer',
      })
      .prefault({}),
    bridge: z
      .strictObject({
        verifyUrl: webAddress.optional().meta({
          value: 'URL',
          description: 'Address of the web application beside Parley that says whose a session id is',
        }),
      })
      .prefault({}),
    attachmentBytesMax: z
      .int()
      .min(0)
      .max(2 ** 40)
      .default(attachmentBytesMax)
      .meta({ value: 'BYTES', description: 'How large an attachment may be' }),
    dataPagesMax: z
      .int()
      .min(dataPagesMin)
      .max(4_294_967_294)
      .optional()
      .meta({ value: 'PAGES', description: 'How many pages of 4 KiB the database may grow to' }),
    metricsToken: z.string().min(16).optional().meta({
      value: 'TOKEN',
      secret: true,
      description: 'Lets whoever sends it as a bearer token read /metrics; without it only this machine may',
    }),
    logLevel: z
      .enum(['debug', 'info', 'warn', 'error', 'silent'])
      .default('info')
      .meta({ value: 'debug|info|warn|error|silent', description: 'What is worth a line on standard error' }),
    logFormat: z
      .enum(['auto', 'json', 'text'])
      .default('auto')
      .meta({ value: 'auto|json|text', description: 'auto: text at a terminal, else JSON' }),
  })
  .refine(
    ({ passwords, oidc, bridge }) =>
      passwords === 'on' || oidc.issuer !== undefined || bridge.verifyUrl !== undefined,
    {
      path: ['passwords'],
      message: 'may be off where oidc.issuer or bridge.verifyUrl says who people are',
    },
  )
export type Settings = z.infer<typeof Settings>

function isAddressOrBlock(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/')
  const version = z.ipv4().safeParse(address).success ? 4 : z.ipv6().safeParse(address).success ? 6 : null
  if (version === null || rest.length > 0) return false
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128))
}

export interface SettingName {
  /** Where it stands in the schema: `['oidc', 'issuer']`. */
  readonly path: readonly string[]
  /** `oidc.issuer` */
  readonly key: string
  /** `oidc-issuer` */
  readonly flag: string
  /** `PARLEY_OIDC_ISSUER` */
  readonly variable: string
  readonly type: 'text' | 'number' | 'list'
  readonly value: string
  readonly about: string
  readonly default: string | undefined
  readonly secret: boolean
}

const Leaf = z.object({
  type: z.string(),
  description: z.string(),
  value: z.string(),
  secret: z.boolean().default(false),
  default: z.union([z.string(), z.number(), z.array(z.string())]).optional(),
})
const Branch = z.object({ properties: z.record(z.string(), z.unknown()) })

/** Every setting by all its names, read off the schema. */
export function settingNames(): SettingName[] {
  return namesBelow([], z.toJSONSchema(Settings, { io: 'input' }))
}

function namesBelow(path: readonly string[], schema: unknown): SettingName[] {
  return Object.entries(Branch.parse(schema).properties).flatMap(([name, below]) => {
    const here = [...path, name]
    if (Branch.safeParse(below).success) return namesBelow(here, below)
    const leaf = Leaf.parse(below)
    const words = here.flatMap((part) => part.split(/(?=[A-Z])/)).map((word) => word.toLowerCase())
    return {
      path: here,
      key: here.join('.'),
      flag: words.join('-'),
      variable: `PARLEY_${words.join('_').toUpperCase()}`,
      type:
        leaf.type === 'array'
          ? 'list'
          : leaf.type === 'integer' || leaf.type === 'number'
            ? 'number'
            : 'text',
      value: leaf.value,
      about: leaf.description,
      default: Array.isArray(leaf.default) ? leaf.default.join(',') : leaf.default?.toString(),
      secret: leaf.secret,
    }
  })
}
