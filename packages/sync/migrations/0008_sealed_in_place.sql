-- What is known of a message that came sealed stands beside it.
ALTER TABLE `message` ADD `sealedAs` text;--> statement-breakpoint
ALTER TABLE `message` ADD `revision` integer;--> statement-breakpoint
ALTER TABLE `message` ADD `cause` text;--> statement-breakpoint
UPDATE `message` SET "sealedAs" = s."clientMessageId", "revision" = s."revision", "cause" = s."cause" FROM "sealedMessage" s WHERE s."id" = "message"."id";--> statement-breakpoint
DROP TABLE `sealedMessage`;--> statement-breakpoint
CREATE INDEX `messageSealedAs` ON `message` (`sealedAs`) WHERE "sealedAs" is not null;--> statement-breakpoint
CREATE INDEX `messageClosed` ON `message` (`conversationId`,`id`) WHERE "cause" is not null;
