namespace Sigmatiq.Backtest.Fills;

/// <summary>Whole shares, or any fraction of one.</summary>
public enum QuantityKind
{
    /// <summary>Rounded down.</summary>
    Whole,

    /// <summary>Not rounded.</summary>
    Fractional,
}

/// <summary>Of what a size is a share. They are equal while flat, and an entry is only decided while flat.</summary>
public enum SizeBase
{
    /// <summary>Cash and position.</summary>
    Equity,

    /// <summary>Cash alone.</summary>
    Cash,
}

/// <summary>At which price the quantity is worked out.</summary>
public enum SizePrice
{
    /// <summary>The close on which the entry was decided: live knows no other.</summary>
    DecisionClose,

    /// <summary>The price of the fill.</summary>
    FillPrice,
}

/// <summary>What becomes of a position that is open when the data end.</summary>
public enum EndOfData
{
    /// <summary>Closed at the last close, as by a market order, reason <c>end_of_data</c>.</summary>
    Close,

    /// <summary>Listed as <c>open</c>, marked at the last close, no exit fee.</summary>
    Open,
}

/// <summary>On whose clock an hour filter is read.</summary>
public enum HoursClock
{
    /// <summary>The exchange's.</summary>
    Exchange,

    /// <summary>UTC.</summary>
    Utc,
}

/// <summary>How often equity is marked for the return series.</summary>
public enum ReturnsBy
{
    /// <summary>At each day's last close.</summary>
    Day,

    /// <summary>At each bar's close.</summary>
    Bar,
}

/// <summary>How an entry is ordered.</summary>
public enum OrderType
{
    /// <summary>Filled at the next open.</summary>
    Market,

    /// <summary>Works at a limit, filled at the open or at the limit.</summary>
    Limit,

    /// <summary>Works above the market, filled as a market order once touched.</summary>
    Stop,
}

/// <summary>How long a working entry order lives.</summary>
public enum TimeInForce
{
    /// <summary>To the end of the session of the bar after the decision.</summary>
    Day,

    /// <summary>To the end of the data.</summary>
    Gtc,
}

/// <summary>When a bar that reaches a limit fills it (entry limits and targets).</summary>
public enum LimitFill
{
    /// <summary>Touching counts.</summary>
    Touch,

    /// <summary>The bar must trade one tick beyond.</summary>
    Through,
}

/// <summary>Which prices the engine trades on.</summary>
public enum PriceKind
{
    /// <summary>As stored.</summary>
    Raw,

    /// <summary>Times the adjustment factor.</summary>
    Adjusted,
}

/// <summary>What is taken when a bar holds both the stop and the target.</summary>
public enum BothTouched
{
    /// <summary>The stop: the pessimistic result.</summary>
    StopFirst,

    /// <summary>The target: the optimistic one, shown beside.</summary>
    TargetFirst,
}

/// <summary>How the size of a position is found.</summary>
public enum SizingMethod
{
    /// <summary>A fixed share (a combo's <c>position_size_pct</c>).</summary>
    FixedPct,

    /// <summary>Half Kelly from the trades closed before, capped (spec 01 §1.7).</summary>
    KellyFraction,
}
