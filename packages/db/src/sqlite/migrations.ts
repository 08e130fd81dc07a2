// Made from migrations/*.sql by house/embed-migrations.ts. Change the schema and run `npm run migrations`.
export const migrations: readonly { name: string; sql: string }[] = [
  {
    name: '0000_start',
    sql: `
CREATE TABLE "account" (
	"number" integer PRIMARY KEY NOT NULL,
	"id" text NOT NULL,
	"username" text NOT NULL,
	"usernameKey" text NOT NULL,
	"displayName" text NOT NULL,
	"name" text NOT NULL,
	"lastName" text NOT NULL,
	"bot" integer NOT NULL,
	"disabled" integer NOT NULL,
	"operator" integer NOT NULL,
	"ownerId" text,
	"passwordHash" text,
	"createdAt" integer NOT NULL,
	"lastSeenAt" integer
);

CREATE UNIQUE INDEX "account_id_unique" ON "account" ("id");
CREATE UNIQUE INDEX "account_usernameKey_unique" ON "account" ("usernameKey");
CREATE INDEX "accountOwner" ON "account" ("ownerId") WHERE "ownerId" is not null;
CREATE TABLE "accountName" (
	"accountId" text NOT NULL,
	"whole" integer NOT NULL,
	"key" text NOT NULL,
	PRIMARY KEY("accountId", "whole", "key"),
	FOREIGN KEY ("accountId") REFERENCES "account"("id") ON UPDATE no action ON DELETE no action
);

CREATE INDEX "accountNameKey" ON "accountName" ("whole","key","accountId");
CREATE TABLE "identity" (
	"issuer" text NOT NULL,
	"subject" text NOT NULL,
	"accountId" text NOT NULL,
	PRIMARY KEY("issuer", "subject"),
	FOREIGN KEY ("accountId") REFERENCES "account"("id") ON UPDATE no action ON DELETE no action
);

CREATE INDEX "identityAccount" ON "identity" ("accountId");
CREATE TABLE "inviteLink" (
	"id" text PRIMARY KEY NOT NULL,
	"secretHash" blob NOT NULL,
	"note" text NOT NULL,
	"usesLeft" integer NOT NULL,
	"makesOperator" integer NOT NULL,
	"createdAt" integer NOT NULL,
	"expiresAt" integer NOT NULL
);

CREATE UNIQUE INDEX "inviteLink_secretHash_unique" ON "inviteLink" ("secretHash");
CREATE TABLE "session" (
	"id" text PRIMARY KEY NOT NULL,
	"accountId" text NOT NULL,
	"tokenHash" blob NOT NULL,
	"deviceName" text NOT NULL,
	"createdAt" integer NOT NULL,
	"lastUsedAt" integer NOT NULL,
	FOREIGN KEY ("accountId") REFERENCES "account"("id") ON UPDATE no action ON DELETE no action
);

CREATE UNIQUE INDEX "session_tokenHash_unique" ON "session" ("tokenHash");
CREATE INDEX "sessionAccount" ON "session" ("accountId");
CREATE INDEX "sessionUse" ON "session" ("lastUsedAt");
CREATE TABLE "conversation" (
	"number" integer PRIMARY KEY NOT NULL,
	"id" text NOT NULL,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"nameKey" text NOT NULL,
	"description" text NOT NULL,
	"joinPolicy" text NOT NULL,
	"passwordHash" text,
	"listed" integer NOT NULL,
	"sealed" integer NOT NULL,
	"founderId" text,
	"directOne" text,
	"directOther" text,
	"directKey" text,
	"createdAt" integer NOT NULL,
	"closedAt" integer,
	"memberCount" integer NOT NULL,
	FOREIGN KEY ("founderId") REFERENCES "account"("id") ON UPDATE no action ON DELETE no action,
	FOREIGN KEY ("directOne") REFERENCES "account"("id") ON UPDATE no action ON DELETE no action,
	FOREIGN KEY ("directOther") REFERENCES "account"("id") ON UPDATE no action ON DELETE no action
);

CREATE UNIQUE INDEX "conversation_id_unique" ON "conversation" ("id");
CREATE UNIQUE INDEX "conversation_directKey_unique" ON "conversation" ("directKey");
CREATE INDEX "conversationListed" ON "conversation" ("nameKey","id") WHERE "listed" = 1 and "closedAt" is null;
CREATE TABLE "invitation" (
	"fromId" text NOT NULL,
	"toId" text NOT NULL,
	"state" text NOT NULL,
	"sentAt" integer NOT NULL,
	"decidedAt" integer,
	"conversationId" text,
	"keyMaterial" text,
	PRIMARY KEY("fromId", "toId"),
	FOREIGN KEY ("fromId") REFERENCES "account"("id") ON UPDATE no action ON DELETE no action,
	FOREIGN KEY ("toId") REFERENCES "account"("id") ON UPDATE no action ON DELETE no action,
	FOREIGN KEY ("conversationId") REFERENCES "conversation"("id") ON UPDATE no action ON DELETE no action
);

CREATE INDEX "invitationTo" ON "invitation" ("toId","fromId");
CREATE TABLE "joinRequest" (
	"conversationId" text NOT NULL,
	"accountId" text NOT NULL,
	"state" text NOT NULL,
	"askedAt" integer NOT NULL,
	"decidedAt" integer,
	"decidedBy" text,
	"keyMaterial" text,
	"grant" text,
	PRIMARY KEY("conversationId", "accountId"),
	FOREIGN KEY ("conversationId") REFERENCES "conversation"("id") ON UPDATE no action ON DELETE no action,
	FOREIGN KEY ("accountId") REFERENCES "account"("id") ON UPDATE no action ON DELETE no action,
	FOREIGN KEY ("decidedBy") REFERENCES "account"("id") ON UPDATE no action ON DELETE no action
);

CREATE INDEX "joinRequestWaiting" ON "joinRequest" ("conversationId","askedAt") WHERE "state" = 'waiting';
CREATE INDEX "joinRequestAccount" ON "joinRequest" ("accountId","askedAt");
CREATE TABLE "member" (
	"conversationId" text NOT NULL,
	"accountId" text NOT NULL,
	"role" text NOT NULL,
	"joinedAt" integer NOT NULL,
	"joinedPosition" integer NOT NULL,
	"readUpTo" integer NOT NULL,
	"readOrdinal" integer NOT NULL,
	"keyMaterial" text,
	"grant" text,
	PRIMARY KEY("conversationId", "accountId"),
	FOREIGN KEY ("conversationId") REFERENCES "conversation"("id") ON UPDATE no action ON DELETE no action,
	FOREIGN KEY ("accountId") REFERENCES "account"("id") ON UPDATE no action ON DELETE no action
);

CREATE INDEX "memberAccount" ON "member" ("accountId","role","conversationId","joinedPosition");
CREATE INDEX "memberDecider" ON "member" ("conversationId","accountId") WHERE "role" <> 'member';
CREATE TABLE "entry" (
	"position" integer PRIMARY KEY NOT NULL,
	"channel" text NOT NULL,
	"kind" text NOT NULL,
	"subject" text,
	"messagePosition" integer,
	"body" text
);

CREATE INDEX "entryChannel" ON "entry" ("channel","position");
CREATE INDEX "entryMessage" ON "entry" ("position","messagePosition") WHERE "messagePosition" is not null;
CREATE TABLE "meta" (
	"key" text PRIMARY KEY NOT NULL,
	"value" text NOT NULL
);

CREATE TABLE "attachment" (
	"id" text PRIMARY KEY NOT NULL,
	"ownerId" text NOT NULL,
	"name" text NOT NULL,
	"mediaType" text NOT NULL,
	"bytes" integer NOT NULL,
	"contentHash" text NOT NULL,
	"uploadedAt" integer NOT NULL,
	"carriers" integer NOT NULL,
	FOREIGN KEY ("ownerId") REFERENCES "account"("id") ON UPDATE no action ON DELETE no action
);

CREATE INDEX "attachmentContent" ON "attachment" ("contentHash","bytes");
CREATE INDEX "attachmentOrphan" ON "attachment" ("uploadedAt") WHERE "carriers" = 0;
CREATE TABLE "mention" (
	"conversationId" text NOT NULL,
	"accountId" text NOT NULL,
	"position" integer NOT NULL,
	PRIMARY KEY("conversationId", "accountId", "position")
);

CREATE INDEX "mentionMessage" ON "mention" ("position");
CREATE TABLE "message" (
	"position" integer PRIMARY KEY NOT NULL,
	"conversationId" text NOT NULL,
	"authorId" text NOT NULL,
	"clientMessageId" text NOT NULL,
	"ordinal" integer NOT NULL,
	"sentAt" integer NOT NULL,
	"json" text NOT NULL
);

CREATE INDEX "messageConversation" ON "message" ("conversationId","position","ordinal");
CREATE UNIQUE INDEX "messageClientId" ON "message" ("clientMessageId","authorId");
CREATE TABLE "messageAttachment" (
	"attachmentId" text NOT NULL,
	"position" integer NOT NULL,
	"conversationId" text NOT NULL,
	PRIMARY KEY("attachmentId", "position"),
	FOREIGN KEY ("attachmentId") REFERENCES "attachment"("id") ON UPDATE no action ON DELETE no action
);

CREATE INDEX "messageAttachmentMessage" ON "messageAttachment" ("position");
`,
  },
  {
    name: '0001_seen',
    sql: `
ALTER TABLE "invitation" ADD "seen" integer DEFAULT 0 NOT NULL;
ALTER TABLE "joinRequest" ADD "seen" integer DEFAULT 0 NOT NULL;
`,
  },
  {
    name: '0002_client_conversation_id',
    sql: `
ALTER TABLE "conversation" ADD "clientConversationId" text;
ALTER TABLE "conversation" ADD "makerId" text REFERENCES account(id);
CREATE UNIQUE INDEX "conversationMade" ON "conversation" ("clientConversationId","makerId");
`,
  },
  {
    name: '0003_sealed',
    sql: `
CREATE TABLE "backupPart" (
	"accountId" text NOT NULL,
	"keyId" text NOT NULL,
	"part" text NOT NULL,
	"version" integer NOT NULL,
	"bytes" blob NOT NULL,
	PRIMARY KEY("accountId", "keyId", "part"),
	FOREIGN KEY ("accountId") REFERENCES "account"("id") ON UPDATE no action ON DELETE no action
);

CREATE TABLE "chainEntry" (
	"conversationId" text NOT NULL,
	"entryIndex" integer NOT NULL,
	"hash" text NOT NULL,
	"bytes" blob NOT NULL,
	"position" integer NOT NULL,
	PRIMARY KEY("conversationId", "entryIndex"),
	FOREIGN KEY ("conversationId") REFERENCES "conversation"("id") ON UPDATE no action ON DELETE no action
);

CREATE TABLE "deviceList" (
	"accountId" text PRIMARY KEY NOT NULL,
	"identity" text NOT NULL,
	FOREIGN KEY ("accountId") REFERENCES "account"("id") ON UPDATE no action ON DELETE no action
);

CREATE TABLE "deviceListEntry" (
	"identity" text NOT NULL,
	"entryIndex" integer NOT NULL,
	"accountId" text NOT NULL,
	"hash" text NOT NULL,
	"bytes" blob NOT NULL,
	PRIMARY KEY("identity", "entryIndex"),
	FOREIGN KEY ("accountId") REFERENCES "account"("id") ON UPDATE no action ON DELETE no action
);

CREATE TABLE "keyGrant" (
	"number" integer PRIMARY KEY NOT NULL,
	"conversationId" text NOT NULL,
	"accountId" text NOT NULL,
	"deviceId" text NOT NULL,
	"granterDeviceId" text NOT NULL,
	"firstEpoch" integer NOT NULL,
	"lastEpoch" integer NOT NULL,
	"bytes" blob NOT NULL,
	FOREIGN KEY ("conversationId") REFERENCES "conversation"("id") ON UPDATE no action ON DELETE no action,
	FOREIGN KEY ("accountId") REFERENCES "account"("id") ON UPDATE no action ON DELETE no action
);

CREATE UNIQUE INDEX "keyGrantOnce" ON "keyGrant" ("deviceId","conversationId","granterDeviceId","firstEpoch","lastEpoch");
CREATE INDEX "keyGrantDevice" ON "keyGrant" ("deviceId","number");
CREATE TABLE "keyRequest" (
	"conversationId" text NOT NULL,
	"deviceId" text NOT NULL,
	"accountId" text NOT NULL,
	"firstEpoch" integer NOT NULL,
	"lastEpoch" integer NOT NULL,
	"askedAt" integer NOT NULL,
	PRIMARY KEY("conversationId", "deviceId"),
	FOREIGN KEY ("conversationId") REFERENCES "conversation"("id") ON UPDATE no action ON DELETE no action,
	FOREIGN KEY ("accountId") REFERENCES "account"("id") ON UPDATE no action ON DELETE no action
);

CREATE INDEX "keyRequestDevice" ON "keyRequest" ("deviceId");
CREATE TABLE "linkRequest" (
	"accountId" text NOT NULL,
	"deviceId" text NOT NULL,
	"bytes" blob NOT NULL,
	"askedAt" integer NOT NULL,
	"answer" blob,
	PRIMARY KEY("accountId", "deviceId"),
	FOREIGN KEY ("accountId") REFERENCES "account"("id") ON UPDATE no action ON DELETE no action
);

CREATE TABLE "revocationOwed" (
	"conversationId" text NOT NULL,
	"accountId" text NOT NULL,
	"identity" text NOT NULL,
	"entryIndex" integer NOT NULL,
	PRIMARY KEY("conversationId", "accountId"),
	FOREIGN KEY ("conversationId") REFERENCES "conversation"("id") ON UPDATE no action ON DELETE no action,
	FOREIGN KEY ("accountId") REFERENCES "account"("id") ON UPDATE no action ON DELETE no action
);

ALTER TABLE "session" ADD "deviceId" text;
`,
  },
]
