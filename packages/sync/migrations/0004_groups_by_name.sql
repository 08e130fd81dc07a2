ALTER TABLE `conversation` DROP COLUMN `joinedPosition`;--> statement-breakpoint
ALTER TABLE `conversation` DROP COLUMN `joinedName`;