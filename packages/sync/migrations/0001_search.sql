-- The words of messages, by message id. It keeps no text of its own: that is in the messages.
CREATE VIRTUAL TABLE `messageWords` USING fts5(`words`, content = '', contentless_delete = 1, tokenize = "unicode61 remove_diacritics 2", prefix = '2 3 4');
