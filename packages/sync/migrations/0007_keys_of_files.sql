-- What opens a file is of the message that shows it, and of no other that names the file.
CREATE TABLE `__new_attachmentKey` (
	`attachmentId` text NOT NULL,
	`messageId` integer NOT NULL,
	`key` blob NOT NULL,
	`bytes` integer NOT NULL,
	PRIMARY KEY(`messageId`, `attachmentId`)
);
--> statement-breakpoint
INSERT INTO `__new_attachmentKey`("attachmentId", "messageId", "key", "bytes") SELECT "attachmentId", "messageId", "key", "bytes" FROM `attachmentKey`;--> statement-breakpoint
-- Copies are named by what they were opened with from now on: those of before come again when they are looked at.
UPDATE `file` SET `attachmentId` = NULL WHERE `attachmentId` IN (SELECT `attachmentId` FROM `attachmentKey`);--> statement-breakpoint
DROP TABLE `attachmentKey`;--> statement-breakpoint
ALTER TABLE `__new_attachmentKey` RENAME TO `attachmentKey`;
