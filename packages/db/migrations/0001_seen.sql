ALTER TABLE `invitation` ADD `seen` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `joinRequest` ADD `seen` integer DEFAULT 0 NOT NULL;