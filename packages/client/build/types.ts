import type { AppRouter as OurRouter } from '@parley/api/root'
import type * as accounts from '@parley/domain/accounts'
import type * as conversations from '@parley/domain/conversations'
import type * as messages from '@parley/domain/messages'
import type * as refusal from '@parley/domain/refusal'
import type * as causes from '@parley/domain/sealed/causes'
import type * as stream from '@parley/domain/stream'
import type {
  AnyTRPCRouter,
  AnyTRPCSubscriptionProcedure,
  TRPCBuiltRouter,
  TRPCMutationProcedure,
  TRPCQueryProcedure,
} from '@trpc/server'

/**
 * The types of what goes over the wire, for programs that have nothing of our workspace. The compiler writes each
 * constant's type out in its declaration, and `package.ts` makes `types.d.ts` of that: the router without its server,
 * and no schema library to install.
 */

/** A string or number whose brand only the workspace knows is a plain one outside of it. */
type Unbranded<T, Base> = [keyof T] extends [keyof Base] ? T : Base

/** The same type with every name in it resolved. */
type Written<T> = T extends string
  ? Unbranded<T, string>
  : T extends number
    ? Unbranded<T, number>
    : T extends boolean | null | undefined
      ? T
      : T extends readonly unknown[]
        ? { [Index in keyof T]: Written<T[Index]> }
        : T extends { toJSON(): infer Json }
          ? Written<Json>
          : T extends infer Shape
            ? { [Key in keyof Shape]: Written<Shape[Key]> }
            : never

/** The types of a procedure as callers need them; of its errors the router knows. */
interface Called<Types extends { input: unknown; output: unknown }> {
  input: Types['input'] extends infer Input ? (Input extends object ? Written<Input> : Input) : never
  output: Types['output'] extends infer Output ? Written<Output> : never
  meta: object
  errorShape: unknown
}

type Procedures<Record> = Record extends infer Names
  ? {
      // The one subscription is followed by `follow()`.
      [
        Name in keyof Names as Names[Name] extends AnyTRPCSubscriptionProcedure ? never : Name
      ]: Names[Name] extends TRPCQueryProcedure<infer Types>
        ? TRPCQueryProcedure<Plain<Called<Types>>>
        : Names[Name] extends TRPCMutationProcedure<infer Types>
          ? TRPCMutationProcedure<Plain<Called<Types>>>
          : Procedures<Names[Name]>
    }
  : never

type Plain<T> = T extends infer Shape ? { [Key in keyof Shape]: Shape[Key] } : never

declare function router<Router extends AnyTRPCRouter>(): TRPCBuiltRouter<
  {
    ctx: object
    meta: object
    errorShape: Written<Router['_def']['_config']['$types']['errorShape']>
    transformer: false
  },
  Procedures<Router['_def']['record']>
>
declare function written<T>(): Written<T>

export const AppRouter = router<OurRouter>()

export const RefusalKind = written<refusal.RefusalKind>()
export const SealedCause = written<causes.SealedCause>()
export const Person = written<accounts.Person>()
export const Me = written<accounts.Me>()
export const Presence = written<accounts.Presence>()
export const SignedIn = written<accounts.SignedIn>()
export const Conversation = written<conversations.Conversation>()
export const MyConversation = written<conversations.MyConversation>()
export const Member = written<conversations.Member>()
export const JoinRequest = written<conversations.JoinRequest>()
export const Invitation = written<conversations.Invitation>()
export const Content = written<messages.Content>()
export const Message = written<messages.Message>()
export const Attachment = written<messages.Attachment>()
export const Sent = written<messages.Sent>()
export const Entry = written<stream.Entry>()
export const StreamEvent = written<stream.StreamEvent>()
export const Snapshot = written<stream.Snapshot>()
