-- 0017 search: important entries are found by what they say, however many there are of others.
--
-- Adds a column without a default, an index and two tables: no table is rewritten. The index is built over
-- empty values, which reads filed_entry once; filing waits meanwhile, requests do not. The release before goes
-- on beside it. What is filed already, and what that release files, gets its terms from the eraser's rounds;
-- until then searches go through entries as before.

-- What an entry can be found by: above zero the words of its text (log_word), below zero hashes of ids, actions,
-- networks and times (src/record/search/terms.ts). Whoever reads checks what was found against the entry itself.
alter table filed_entry add column terms int[];
-- Serves search. What waits to be sorted into the index is read through by each search: it is kept short.
create index filed_entry_terms_idx on filed_entry using gin (terms) with (gin_pending_list_limit = 256);
-- Serves the eraser's rounds, and readers, who ask whether there is any.
create index filed_entry_termless_idx on filed_entry (writer, number) where terms is null;

-- Each word in the text of filed entries, once. Goes when the last entry that has it is erased.
create table log_word (
  id      int generated always as identity primary key,
  word    text collate "C" not null unique check (length(word) between 1 and 32),
  -- Filed entries that have it.
  entries bigint not null
) with (fillfactor = 70);

-- Its endings, itself among them: what stands anywhere in a word is the beginning of one of them.
create table log_word_suffix (
  suffix  text collate "C" not null,
  word_id int not null,
  primary key (suffix, word_id)
);
