-- The journal and its read models. Portable: BIGINT, INTEGER, TEXT, BYTEA, composite keys, nothing
-- else.
-- Numbers of miners, sectors and deals are unsigned 63-bit on chain, so BIGINT holds them.
-- An instant is two columns: seconds since 1970-01-01T00:00:00Z and nanoseconds within the second.

-- Everything that ever happened, one row per event of a sector. Rows are added, never changed or
-- removed. kind, trace and message are the wire log's columns; payload is the whole event; state is
-- where it led.
CREATE TABLE event (
  miner    BIGINT  NOT NULL,
  number   BIGINT  NOT NULL,
  sequence BIGINT  NOT NULL,
  at_s     BIGINT  NOT NULL,
  at_ns    INTEGER NOT NULL,
  kind     TEXT    NOT NULL,
  trace    TEXT    NOT NULL,
  message  TEXT    NOT NULL,
  payload  BYTEA   NOT NULL,
  state    TEXT    NOT NULL,
  PRIMARY KEY (miner, number, sequence)
);

-- The sector as of its last event.
CREATE TABLE sector (
  miner    BIGINT NOT NULL,
  number   BIGINT NOT NULL,
  sequence BIGINT NOT NULL,
  state    TEXT   NOT NULL,
  record   BYTEA  NOT NULL,
  PRIMARY KEY (miner, number)
);

-- Answers both lists without touching the records.
CREATE INDEX sector_by_state ON sector (miner, state, number);

-- How many sectors are in each state that occurs; no row has n = 0.
CREATE TABLE sector_count (
  miner BIGINT NOT NULL,
  state TEXT   NOT NULL,
  n     BIGINT NOT NULL,
  PRIMARY KEY (miner, state)
) ${small_row_table};

-- Where deals lie; recorded grows with every row ever added and gives the order of recording.
CREATE TABLE deal_ref (
  miner         BIGINT NOT NULL,
  number        BIGINT NOT NULL,
  deal          BIGINT NOT NULL,
  offset_padded BIGINT NOT NULL,
  size_unpadded BIGINT NOT NULL,
  recorded      BIGINT NOT NULL,
  PRIMARY KEY (miner, number, deal, offset_padded)
) ${small_row_table};

-- What wakes a waiting sector next: an instant or, where epoch is set, a height of the chain.
CREATE TABLE timer (
  miner  BIGINT  NOT NULL,
  number BIGINT  NOT NULL,
  at_s   BIGINT  NOT NULL,
  at_ns  INTEGER NOT NULL,
  epoch  BIGINT,
  reason TEXT    NOT NULL,
  PRIMARY KEY (miner, number)
) ${small_row_table};

-- Numbers used up, for good.
CREATE TABLE sector_number (
  miner  BIGINT NOT NULL,
  number BIGINT NOT NULL,
  PRIMARY KEY (miner, number)
) ${small_row_table};

-- Small durable values: reservations, pending batches.
CREATE TABLE kv (
  name  TEXT  NOT NULL,
  value BYTEA NOT NULL,
  PRIMARY KEY (name)
);
