CREATE TABLE `attachmentKey` (
	`attachmentId` text PRIMARY KEY NOT NULL,
	`messageId` integer NOT NULL,
	`key` blob NOT NULL,
	`bytes` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `chainEntry` (
	`conversationId` text NOT NULL,
	`number` integer NOT NULL,
	`position` integer NOT NULL,
	`bytes` blob NOT NULL,
	PRIMARY KEY(`conversationId`, `number`)
);
--> statement-breakpoint
CREATE TABLE `epochKey` (
	`conversationId` text NOT NULL,
	`commitment` text NOT NULL,
	`number` integer NOT NULL,
	`key` blob NOT NULL,
	PRIMARY KEY(`conversationId`, `commitment`)
);
--> statement-breakpoint
CREATE TABLE `identity` (
	`accountId` text PRIMARY KEY NOT NULL,
	`current` text NOT NULL,
	`verified` text
);
--> statement-breakpoint
CREATE TABLE `listEntry` (
	`identity` text NOT NULL,
	`number` integer NOT NULL,
	`accountId` text NOT NULL,
	`bytes` blob NOT NULL,
	PRIMARY KEY(`identity`, `number`)
);
--> statement-breakpoint
CREATE TABLE `sealedConversation` (
	`id` text PRIMARY KEY NOT NULL,
	`json` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `sealedMessage` (
	`id` integer PRIMARY KEY NOT NULL,
	`conversationId` text NOT NULL,
	`authorId` text NOT NULL,
	`clientMessageId` text NOT NULL,
	`revision` integer NOT NULL,
	`cause` text
);
--> statement-breakpoint
CREATE INDEX `sealedMessageByName` ON `sealedMessage` (`clientMessageId`);--> statement-breakpoint
CREATE INDEX `sealedMessageClosed` ON `sealedMessage` (`conversationId`,`id`) WHERE "cause" is not null;--> statement-breakpoint
CREATE TABLE `sealedNotice` (
	`number` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`conversationId` text NOT NULL,
	`json` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `sealedNoticeIn` ON `sealedNotice` (`conversationId`);