-- A leaderboard of a hundred thousand combos is read by column from its file; the two flags that the rows hold are found without looking at each.
create index combos_by_tick on combos (sweep_id, combo_id) where selected = 1;
create index combos_above_cap on combos (sweep_id, combo_id) where exceeds_model_cap = 1;
