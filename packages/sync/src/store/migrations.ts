// Made from migrations/*.sql by house/embed-migrations.ts. Change the schema and run `npm run migrations`.
export const migrations: readonly { name: string; sql: string }[] = [
  {
    name: '0000_start',
    sql: `
CREATE TABLE "conversation" (
	"id" text PRIMARY KEY NOT NULL,
	"json" text NOT NULL,
	"role" text NOT NULL,
	"grant" text,
	"memberCount" integer NOT NULL,
	"lastOrdinal" integer NOT NULL,
	"lastMessageId" integer NOT NULL,
	"readUpTo" integer NOT NULL,
	"readOrdinal" integer NOT NULL,
	"mentions" integer NOT NULL,
	"snapshot" integer NOT NULL,
	"filled" integer NOT NULL,
	"membersHeld" integer NOT NULL,
	"madeBy" text,
	"joinedPosition" integer NOT NULL,
	"joinedName" text NOT NULL
);

CREATE INDEX "conversationNewest" ON "conversation" ("lastMessageId");
CREATE TABLE "draft" (
	"conversationId" text PRIMARY KEY NOT NULL,
	"json" text NOT NULL
);

CREATE TABLE "member" (
	"conversationId" text NOT NULL,
	"accountId" text NOT NULL,
	"json" text NOT NULL,
	PRIMARY KEY("conversationId", "accountId")
);

CREATE TABLE "message" (
	"id" integer PRIMARY KEY NOT NULL,
	"conversationId" text NOT NULL,
	"authorId" text NOT NULL,
	"ordinal" integer NOT NULL,
	"mentionsMe" integer NOT NULL,
	"json" text NOT NULL
);

CREATE INDEX "messageInConversation" ON "message" ("conversationId","id","ordinal");
CREATE INDEX "messageByOrdinal" ON "message" ("conversationId","ordinal");
CREATE TABLE "meta" (
	"name" text PRIMARY KEY NOT NULL,
	"value" text NOT NULL
);

CREATE TABLE "operation" (
	"number" integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	"id" text NOT NULL,
	"kind" text NOT NULL,
	"action" text NOT NULL,
	"state" text NOT NULL,
	"problem" text,
	"madeAt" integer NOT NULL,
	"triedAtCursor" integer,
	"inDoubt" integer NOT NULL,
	"sentAs" integer
);

CREATE UNIQUE INDEX "operation_id_unique" ON "operation" ("id");
CREATE TABLE "person" (
	"id" text PRIMARY KEY NOT NULL,
	"json" text NOT NULL,
	"lastSeenAt" integer
);

CREATE TABLE "request" (
	"key" text PRIMARY KEY NOT NULL,
	"json" text NOT NULL
);
`,
  },
  {
    name: '0001_search',
    sql: `
-- The words of messages, by message id. It keeps no text of its own: that is in the messages.
CREATE VIRTUAL TABLE "messageWords" USING fts5("words", content = '', contentless_delete = 1, tokenize = "unicode61 remove_diacritics 2", prefix = '2 3 4');
`,
  },
  {
    name: '0002_attachments',
    sql: `
CREATE TABLE "chunk" (
	"number" integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	"fileId" text NOT NULL,
	"part" integer NOT NULL,
	"data" blob NOT NULL
);

CREATE UNIQUE INDEX "chunkOfFile" ON "chunk" ("fileId","part");
CREATE TABLE "file" (
	"id" text PRIMARY KEY NOT NULL,
	"bytes" integer NOT NULL,
	"attachmentId" text,
	"usedAt" integer NOT NULL
);

CREATE UNIQUE INDEX "file_attachmentId_unique" ON "file" ("attachmentId");
CREATE TABLE "outgoing" (
	"number" integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	"id" text NOT NULL,
	"conversationId" text NOT NULL,
	"operationId" text,
	"name" text NOT NULL,
	"mediaType" text NOT NULL,
	"bytes" integer NOT NULL,
	"uploadId" text,
	"sentBytes" integer NOT NULL,
	"attachmentId" text,
	"uploads" integer NOT NULL
);

CREATE UNIQUE INDEX "outgoing_id_unique" ON "outgoing" ("id");
CREATE INDEX "outgoingOfOperation" ON "outgoing" ("operationId");
`,
  },
  {
    name: '0003_settings',
    sql: `
CREATE TABLE "notificationLevel" (
	"conversationId" text PRIMARY KEY NOT NULL,
	"level" text NOT NULL
);

CREATE TABLE "setting" (
	"name" text PRIMARY KEY NOT NULL,
	"json" text NOT NULL
);
`,
  },
  {
    name: '0004_groups_by_name',
    sql: `
ALTER TABLE "conversation" DROP COLUMN "joinedPosition";
ALTER TABLE "conversation" DROP COLUMN "joinedName";
`,
  },
  {
    name: '0005_merging',
    sql: `
-- Segments of the index are merged in small steps while nothing else comes, and not within whatever transaction comes by,
-- which took long. The second is for when that falls far behind.
INSERT INTO "messageWords" ("messageWords", "rank") VALUES ('automerge', 0);

INSERT INTO "messageWords" ("messageWords", "rank") VALUES ('crisismerge', 1000);
`,
  },
  {
    name: '0006_sealing',
    sql: `
CREATE TABLE "attachmentKey" (
	"attachmentId" text PRIMARY KEY NOT NULL,
	"messageId" integer NOT NULL,
	"key" blob NOT NULL,
	"bytes" integer NOT NULL
);

CREATE TABLE "chainEntry" (
	"conversationId" text NOT NULL,
	"number" integer NOT NULL,
	"position" integer NOT NULL,
	"bytes" blob NOT NULL,
	PRIMARY KEY("conversationId", "number")
);

CREATE TABLE "epochKey" (
	"conversationId" text NOT NULL,
	"commitment" text NOT NULL,
	"number" integer NOT NULL,
	"key" blob NOT NULL,
	PRIMARY KEY("conversationId", "commitment")
);

CREATE TABLE "identity" (
	"accountId" text PRIMARY KEY NOT NULL,
	"current" text NOT NULL,
	"verified" text
);

CREATE TABLE "listEntry" (
	"identity" text NOT NULL,
	"number" integer NOT NULL,
	"accountId" text NOT NULL,
	"bytes" blob NOT NULL,
	PRIMARY KEY("identity", "number")
);

CREATE TABLE "sealedConversation" (
	"id" text PRIMARY KEY NOT NULL,
	"json" text NOT NULL
);

CREATE TABLE "sealedMessage" (
	"id" integer PRIMARY KEY NOT NULL,
	"conversationId" text NOT NULL,
	"authorId" text NOT NULL,
	"clientMessageId" text NOT NULL,
	"revision" integer NOT NULL,
	"cause" text
);

CREATE INDEX "sealedMessageByName" ON "sealedMessage" ("clientMessageId");
CREATE INDEX "sealedMessageClosed" ON "sealedMessage" ("conversationId","id") WHERE "cause" is not null;
CREATE TABLE "sealedNotice" (
	"number" integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	"conversationId" text NOT NULL,
	"json" text NOT NULL
);

CREATE INDEX "sealedNoticeIn" ON "sealedNotice" ("conversationId");
`,
  },
  {
    name: '0007_keys_of_files',
    sql: `
-- What opens a file is of the message that shows it, and of no other that names the file.
CREATE TABLE "__new_attachmentKey" (
	"attachmentId" text NOT NULL,
	"messageId" integer NOT NULL,
	"key" blob NOT NULL,
	"bytes" integer NOT NULL,
	PRIMARY KEY("messageId", "attachmentId")
);

INSERT INTO "__new_attachmentKey"("attachmentId", "messageId", "key", "bytes") SELECT "attachmentId", "messageId", "key", "bytes" FROM "attachmentKey";
-- Copies are named by what they were opened with from now on: those of before come again when they are looked at.
UPDATE "file" SET "attachmentId" = NULL WHERE "attachmentId" IN (SELECT "attachmentId" FROM "attachmentKey");
DROP TABLE "attachmentKey";
ALTER TABLE "__new_attachmentKey" RENAME TO "attachmentKey";
`,
  },
  {
    name: '0008_sealed_in_place',
    sql: `
-- What is known of a message that came sealed stands beside it.
ALTER TABLE "message" ADD "sealedAs" text;
ALTER TABLE "message" ADD "revision" integer;
ALTER TABLE "message" ADD "cause" text;
UPDATE "message" SET "sealedAs" = s."clientMessageId", "revision" = s."revision", "cause" = s."cause" FROM "sealedMessage" s WHERE s."id" = "message"."id";
DROP TABLE "sealedMessage";
CREATE INDEX "messageSealedAs" ON "message" ("sealedAs") WHERE "sealedAs" is not null;
CREATE INDEX "messageClosed" ON "message" ("conversationId","id") WHERE "cause" is not null;
`,
  },
]
