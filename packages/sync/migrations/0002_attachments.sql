CREATE TABLE `chunk` (
	`number` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`fileId` text NOT NULL,
	`part` integer NOT NULL,
	`data` blob NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `chunkOfFile` ON `chunk` (`fileId`,`part`);--> statement-breakpoint
CREATE TABLE `file` (
	`id` text PRIMARY KEY NOT NULL,
	`bytes` integer NOT NULL,
	`attachmentId` text,
	`usedAt` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `file_attachmentId_unique` ON `file` (`attachmentId`);--> statement-breakpoint
CREATE TABLE `outgoing` (
	`number` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`id` text NOT NULL,
	`conversationId` text NOT NULL,
	`operationId` text,
	`name` text NOT NULL,
	`mediaType` text NOT NULL,
	`bytes` integer NOT NULL,
	`uploadId` text,
	`sentBytes` integer NOT NULL,
	`attachmentId` text,
	`uploads` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `outgoing_id_unique` ON `outgoing` (`id`);--> statement-breakpoint
CREATE INDEX `outgoingOfOperation` ON `outgoing` (`operationId`);