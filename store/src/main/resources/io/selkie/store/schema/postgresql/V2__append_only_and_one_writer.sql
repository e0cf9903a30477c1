-- The engine itself refuses to touch what happened, whoever asks.
CREATE FUNCTION refuse_change_of_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    RAISE EXCEPTION 'rows of event are never changed';
  END IF;
  RAISE EXCEPTION 'rows of event are never removed';
END;
$$;

CREATE TRIGGER event_row_stays BEFORE UPDATE OR DELETE ON event
FOR EACH ROW EXECUTE FUNCTION refuse_change_of_event();

CREATE TRIGGER event_table_stays BEFORE TRUNCATE ON event
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_event();

-- Names are read in ranges and must stand in the order of their bytes, whatever the server's
-- language.
ALTER TABLE kv ALTER COLUMN name TYPE TEXT COLLATE "C";

-- Who writes: one row. The holder counts beat; whoever takes over counts epoch.
CREATE TABLE writer (
  one    INTEGER NOT NULL CHECK (one = 1),
  epoch  BIGINT  NOT NULL,
  beat   BIGINT  NOT NULL,
  holder TEXT    NOT NULL,
  PRIMARY KEY (one)
);

INSERT INTO writer (one, epoch, beat, holder) VALUES (1, 0, 0, '');
