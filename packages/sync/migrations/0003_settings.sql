CREATE TABLE `notificationLevel` (
	`conversationId` text PRIMARY KEY NOT NULL,
	`level` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `setting` (
	`name` text PRIMARY KEY NOT NULL,
	`json` text NOT NULL
);
