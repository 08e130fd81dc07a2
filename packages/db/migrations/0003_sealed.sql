CREATE TABLE `backupPart` (
	`accountId` text NOT NULL,
	`keyId` text NOT NULL,
	`part` text NOT NULL,
	`version` integer NOT NULL,
	`bytes` blob NOT NULL,
	PRIMARY KEY(`accountId`, `keyId`, `part`),
	FOREIGN KEY (`accountId`) REFERENCES `account`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `chainEntry` (
	`conversationId` text NOT NULL,
	`entryIndex` integer NOT NULL,
	`hash` text NOT NULL,
	`bytes` blob NOT NULL,
	`position` integer NOT NULL,
	PRIMARY KEY(`conversationId`, `entryIndex`),
	FOREIGN KEY (`conversationId`) REFERENCES `conversation`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `deviceList` (
	`accountId` text PRIMARY KEY NOT NULL,
	`identity` text NOT NULL,
	FOREIGN KEY (`accountId`) REFERENCES `account`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `deviceListEntry` (
	`identity` text NOT NULL,
	`entryIndex` integer NOT NULL,
	`accountId` text NOT NULL,
	`hash` text NOT NULL,
	`bytes` blob NOT NULL,
	PRIMARY KEY(`identity`, `entryIndex`),
	FOREIGN KEY (`accountId`) REFERENCES `account`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `keyGrant` (
	`number` integer PRIMARY KEY NOT NULL,
	`conversationId` text NOT NULL,
	`accountId` text NOT NULL,
	`deviceId` text NOT NULL,
	`granterDeviceId` text NOT NULL,
	`firstEpoch` integer NOT NULL,
	`lastEpoch` integer NOT NULL,
	`bytes` blob NOT NULL,
	FOREIGN KEY (`conversationId`) REFERENCES `conversation`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`accountId`) REFERENCES `account`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `keyGrantOnce` ON `keyGrant` (`deviceId`,`conversationId`,`granterDeviceId`,`firstEpoch`,`lastEpoch`);--> statement-breakpoint
CREATE INDEX `keyGrantDevice` ON `keyGrant` (`deviceId`,`number`);--> statement-breakpoint
CREATE TABLE `keyRequest` (
	`conversationId` text NOT NULL,
	`deviceId` text NOT NULL,
	`accountId` text NOT NULL,
	`firstEpoch` integer NOT NULL,
	`lastEpoch` integer NOT NULL,
	`askedAt` integer NOT NULL,
	PRIMARY KEY(`conversationId`, `deviceId`),
	FOREIGN KEY (`conversationId`) REFERENCES `conversation`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`accountId`) REFERENCES `account`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `keyRequestDevice` ON `keyRequest` (`deviceId`);--> statement-breakpoint
CREATE TABLE `linkRequest` (
	`accountId` text NOT NULL,
	`deviceId` text NOT NULL,
	`bytes` blob NOT NULL,
	`askedAt` integer NOT NULL,
	`answer` blob,
	PRIMARY KEY(`accountId`, `deviceId`),
	FOREIGN KEY (`accountId`) REFERENCES `account`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `revocationOwed` (
	`conversationId` text NOT NULL,
	`accountId` text NOT NULL,
	`identity` text NOT NULL,
	`entryIndex` integer NOT NULL,
	PRIMARY KEY(`conversationId`, `accountId`),
	FOREIGN KEY (`conversationId`) REFERENCES `conversation`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`accountId`) REFERENCES `account`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
ALTER TABLE `session` ADD `deviceId` text;