CREATE TABLE `conversation` (
	`id` text PRIMARY KEY NOT NULL,
	`json` text NOT NULL,
	`role` text NOT NULL,
	`grant` text,
	`memberCount` integer NOT NULL,
	`lastOrdinal` integer NOT NULL,
	`lastMessageId` integer NOT NULL,
	`readUpTo` integer NOT NULL,
	`readOrdinal` integer NOT NULL,
	`mentions` integer NOT NULL,
	`snapshot` integer NOT NULL,
	`filled` integer NOT NULL,
	`membersHeld` integer NOT NULL,
	`madeBy` text,
	`joinedPosition` integer NOT NULL,
	`joinedName` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `conversationNewest` ON `conversation` (`lastMessageId`);--> statement-breakpoint
CREATE TABLE `draft` (
	`conversationId` text PRIMARY KEY NOT NULL,
	`json` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `member` (
	`conversationId` text NOT NULL,
	`accountId` text NOT NULL,
	`json` text NOT NULL,
	PRIMARY KEY(`conversationId`, `accountId`)
);
--> statement-breakpoint
CREATE TABLE `message` (
	`id` integer PRIMARY KEY NOT NULL,
	`conversationId` text NOT NULL,
	`authorId` text NOT NULL,
	`ordinal` integer NOT NULL,
	`mentionsMe` integer NOT NULL,
	`json` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `messageInConversation` ON `message` (`conversationId`,`id`,`ordinal`);--> statement-breakpoint
CREATE INDEX `messageByOrdinal` ON `message` (`conversationId`,`ordinal`);--> statement-breakpoint
CREATE TABLE `meta` (
	`name` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `operation` (
	`number` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`id` text NOT NULL,
	`kind` text NOT NULL,
	`action` text NOT NULL,
	`state` text NOT NULL,
	`problem` text,
	`madeAt` integer NOT NULL,
	`triedAtCursor` integer,
	`inDoubt` integer NOT NULL,
	`sentAs` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `operation_id_unique` ON `operation` (`id`);--> statement-breakpoint
CREATE TABLE `person` (
	`id` text PRIMARY KEY NOT NULL,
	`json` text NOT NULL,
	`lastSeenAt` integer
);
--> statement-breakpoint
CREATE TABLE `request` (
	`key` text PRIMARY KEY NOT NULL,
	`json` text NOT NULL
);
