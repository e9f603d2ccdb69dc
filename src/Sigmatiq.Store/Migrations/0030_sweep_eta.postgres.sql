-- How long a running sweep still takes, as its worker last saw it.
alter table sweeps add column eta_seconds double precision;
