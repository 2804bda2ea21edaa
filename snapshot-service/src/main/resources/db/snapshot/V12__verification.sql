-- What came of the last comparison of a snapshot's images with their checksums.
alter table snapshot add column verified_at timestamptz;
alter table snapshot add column verification_failure text;
