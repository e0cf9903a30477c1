-- What queries over many sectors read instead of whole records. Filled from the records of an older
-- journal when it is opened; read_model says whether that is done.

-- A sector without its record. has_error is 1 where last_error is not empty.
CREATE TABLE sector_view (
  miner      BIGINT  NOT NULL,
  number     BIGINT  NOT NULL,
  state      TEXT    NOT NULL,
  entered_ms BIGINT  NOT NULL,
  has_error  INTEGER NOT NULL,
  last_error TEXT    NOT NULL,
  seal_proof INTEGER NOT NULL,
  pieces     INTEGER NOT NULL,
  PRIMARY KEY (miner, number)
) ${small_row_table};

CREATE INDEX sector_view_by_state ON sector_view (miner, state, number);
CREATE INDEX sector_view_by_age ON sector_view (miner, entered_ms);
CREATE INDEX sector_view_by_error ON sector_view (miner, has_error, number);

-- Which sectors hold a piece, by the text of its CID.
CREATE TABLE sector_piece (
  miner     BIGINT NOT NULL,
  number    BIGINT NOT NULL,
  piece_cid TEXT   NOT NULL,
  PRIMARY KEY (miner, number, piece_cid)
) ${small_row_table};

CREATE INDEX sector_piece_by_cid ON sector_piece (miner, piece_cid, number);

CREATE INDEX deal_ref_by_deal ON deal_ref (miner, deal, number);

-- The order of all entries, in which they were recorded; position grows and is never given twice.
CREATE TABLE event_order (
  position BIGINT NOT NULL,
  miner    BIGINT NOT NULL,
  number   BIGINT NOT NULL,
  sequence BIGINT NOT NULL,
  PRIMARY KEY (position)
) ${small_row_table};

-- Which read models are complete, and in which version.
CREATE TABLE read_model (
  name    TEXT   NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (name)
);
