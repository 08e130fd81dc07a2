-- Segments of the index are merged in small steps while nothing else comes, and not within whatever transaction comes by,
-- which took long. The second is for when that falls far behind.
INSERT INTO `messageWords` (`messageWords`, `rank`) VALUES ('automerge', 0);
--> statement-breakpoint
INSERT INTO `messageWords` (`messageWords`, `rank`) VALUES ('crisismerge', 1000);
