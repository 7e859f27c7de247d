-- 0015 witnesses: others who sign that the log only grows, and what is shown of it.
--
-- Adds columns with constant defaults and a table: nothing is rewritten, nothing in use is locked for
-- longer than a moment. The release before, beside it, signs and does not publish: run the new one as
-- the sequencer first.

-- The checkpoint that is shown, with its witnesses' signatures; as long as a policy wants more of them
-- than there are, an earlier one than the last that was signed.
alter table log_epoch add column published text;
alter table log_epoch add column published_size bigint not null default 0
  check (published_size between 0 and size);
update log_epoch set published = checkpoint, published_size = checkpoint_size;

create table log_witness (
  epoch        int not null references log_epoch (epoch),
  verifier_key text not null,
  -- In the policy that named it last.
  name         text not null,
  -- Leaves that it has signed.
  size         bigint not null default 0 check (size >= 0),
  cosigned_at  timestamptz,
  -- Why it did not sign last time; null when it did.
  fault        text,
  fault_at     timestamptz,
  primary key (epoch, verifier_key)
);
