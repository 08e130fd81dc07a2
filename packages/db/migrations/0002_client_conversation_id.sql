ALTER TABLE `conversation` ADD `clientConversationId` text;--> statement-breakpoint
ALTER TABLE `conversation` ADD `makerId` text REFERENCES account(id);--> statement-breakpoint
CREATE UNIQUE INDEX `conversationMade` ON `conversation` (`clientConversationId`,`makerId`);