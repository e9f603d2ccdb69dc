-- Messages of one subject reach a channel in the order in which they were written.
alter table outbox add column subject text;

-- Who waits for a message to arrive is woken by this key.
alter table outbox add column wake_key text;

-- One message on its way to one channel.
create table deliveries (
    seq integer primary key autoincrement,
    key text not null,
    channel text not null,
    kind text not null,
    subject text,
    payload text not null,
    wake_key text,
    enqueued_at_utc text not null,
    since_utc text not null,
    attempts integer not null default 0,
    fence integer not null default 0,
    owner text,
    next_attempt_at_utc text not null,
    last_error text,
    delivered_at_utc text,
    given_up_at_utc text,
    unique (key, channel)
) strict;

create index deliveries_pending on deliveries (channel, next_attempt_at_utc, seq) where delivered_at_utc is null and given_up_at_utc is null;

create index deliveries_of_subject on deliveries (channel, subject, seq) where delivered_at_utc is null and given_up_at_utc is null;

-- What was answered to a request under an idempotency key: the same request again gets the same answer and does nothing.
create table http_answers (
    person text not null,
    key text not null,
    fingerprint text not null,
    begun_at_utc text not null,
    owner text not null,
    answered_at_utc text,
    status integer,
    location text,
    content_type text,
    body text,
    primary key (person, key)
) strict;

-- The tables of spec 04 §4.19. Nothing in the product decides by them: they are for readers, filled by 'pipeline --seed-db'.
-- Of a pack model: five tables, each row known by the strategy and the close that decided it.
create table pack_predictions (
    strategy_id text not null,
    bar_utc text not null,
    model_id text not null,
    close real not null,
    probability real,
    predicted_return_pct real,
    threshold real not null,
    direction integer not null,
    primary key (strategy_id, bar_utc, model_id)
) strict;

create table pack_signals (
    strategy_id text not null,
    signal_utc text not null,
    direction integer not null,
    magnitude real,
    confidence real,
    skip_trade integer not null,
    leverage real not null,
    hard_stop_pct real,
    take_profit_pct real,
    entry_price real not null,
    config_version text not null,
    primary key (strategy_id, signal_utc)
) strict;

create table pack_executions (
    strategy_id text not null,
    signal_utc text not null,
    direction integer not null,
    leverage real not null,
    entry_utc text not null,
    entry_price real not null,
    exit_utc text,
    exit_price real,
    exit_reason text,
    n_subtrades integer not null,
    pnl_usd real,
    pnl_pct real,
    status text not null,
    primary key (strategy_id, signal_utc)
) strict;

create table pack_subtrades (
    strategy_id text not null,
    signal_utc text not null,
    subtrade_index integer not null,
    entry_utc text not null,
    entry_price real not null,
    exit_utc text,
    exit_price real,
    exit_reason text,
    peak_price real,
    pnl_usd real,
    primary key (strategy_id, signal_utc, subtrade_index)
) strict;

create table pack_paper_trading (
    strategy_id text not null,
    signal_utc text not null,
    trade_pnl_pct real not null,
    cumulative_pct real not null,
    running_win_rate_pct real not null,
    max_dd_pct real not null,
    n_trades integer not null,
    n_long integer not null,
    n_short integer not null,
    consecutive_losses integer not null,
    primary key (strategy_id, signal_utc)
) strict;

-- Of the weekly forecast strategy.
create table forecast_h5_predictions (
    inference_date text not null,
    model_id text not null,
    horizon_id integer not null,
    week integer not null,
    year integer not null,
    target_date text not null,
    base_price real not null,
    predicted_price real not null,
    predicted_return_pct real not null,
    direction integer not null,
    collapse_flag integer not null,
    collapse_std real,
    primary key (inference_date, model_id, horizon_id)
) strict;

create table forecast_h5_signals (
    signal_date text primary key,
    ensemble_return real,
    direction integer not null,
    confidence_tier text,
    agreement real,
    magnitude real,
    sizing_multiplier real,
    skip_trade integer not null,
    realized_vol_21d real,
    raw_leverage real,
    clipped_leverage real,
    adjusted_leverage real,
    hard_stop_pct real,
    take_profit_pct real,
    regime text,
    hurst real,
    config_version text
) strict;

create table forecast_h5_executions (
    signal_date text primary key,
    direction integer not null,
    leverage real not null,
    entry_price real,
    entry_utc text,
    exit_price real,
    exit_utc text,
    exit_reason text,
    n_subtrades integer not null,
    week_pnl_pct real,
    week_pnl_unleveraged_pct real,
    status text not null,
    confidence_tier text
) strict;

create table forecast_h5_subtrades (
    execution_id text not null,
    subtrade_index integer not null,
    entry_price real not null,
    entry_utc text not null,
    exit_price real,
    exit_utc text,
    peak_price real,
    trailing_state text,
    bar_count integer not null,
    pnl_pct real,
    primary key (execution_id, subtrade_index)
) strict;

create table forecast_h5_paper_trading (
    signal_date text primary key,
    week_pnl_pct real,
    cumulative_pct real,
    running_da_pct real,
    running_da_short_pct real,
    running_da_long_pct real,
    running_sharpe real,
    max_dd_pct real,
    n_weeks integer not null,
    n_long integer not null,
    n_short integer not null,
    long_pct_8w real,
    consecutive_losses integer not null,
    circuit_breaker integer not null,
    gate_status text,
    notes text
) strict;

-- Of the daily one.
create table forecast_h1_predictions (
    inference_date text not null,
    model_id text not null,
    target_date text not null,
    base_price real not null,
    predicted_price real not null,
    predicted_return_pct real not null,
    direction integer not null,
    primary key (inference_date, model_id)
) strict;

create table forecast_h1_signals (
    signal_date text primary key,
    ensemble_return real,
    direction integer not null,
    skip_trade integer not null,
    realized_vol real,
    raw_leverage real,
    clipped_leverage real,
    trailing_activation_pct real,
    trailing_distance_pct real,
    hard_stop_pct real,
    config_version text
) strict;

create table forecast_h1_executions (
    signal_date text primary key,
    direction integer not null,
    leverage real not null,
    entry_price real,
    entry_utc text,
    exit_price real,
    exit_utc text,
    exit_reason text,
    pnl_pct real,
    pnl_unleveraged_pct real,
    status text not null
) strict;

create table forecast_paper_trading (
    signal_date text primary key,
    day_pnl_pct real,
    cumulative_pct real,
    running_da_pct real,
    running_sharpe real,
    max_dd_pct real,
    n_days integer not null,
    consecutive_losses integer not null,
    gate_status text,
    notes text
) strict;

create view v_h5_performance_summary as
select count(*) as n_weeks, sum(case when week_pnl_pct > 0 then 1 else 0 end) as n_wins, max(cumulative_pct) as best_cumulative_pct, min(week_pnl_pct) as worst_week_pct,
       max(max_dd_pct) as max_dd_pct
  from forecast_h5_paper_trading where week_pnl_pct is not null;

create view v_h5_collapse_monitor as
select inference_date, count(*) as n_predictions, sum(collapse_flag) as n_collapsed, min(collapse_std) as min_std
  from forecast_h5_predictions group by inference_date;
