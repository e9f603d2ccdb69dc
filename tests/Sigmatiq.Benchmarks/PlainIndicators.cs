namespace Sigmatiq.Benchmarks;

/// <summary>The nine indicators as anyone would write them first: one scalar loop over the bars each, same formulas and defaults.</summary>
/// <remarks>They are the yardstick of a machine, and their results enter the check sum. Windows are carried on (add the newest, take the oldest
/// away), as in the C libraries; the range of the stochastic is looked through anew at each bar.</remarks>
internal static class PlainIndicators
{
    public static void Rsi(double[] c, int p, double[] rsi)
    {
        double ag = 0, al = 0;
        for (int t = 1; t < c.Length; t++)
        {
            double d = c[t] - c[t - 1], g = d > 0 ? d : 0, l = d < 0 ? -d : 0;
            if (t <= p)
            {
                ag += g;
                al += l;
                if (t == p)
                {
                    ag /= p;
                    al /= p;
                }
            }
            else
            {
                ag = ((ag * (p - 1)) + g) / p;
                al = ((al * (p - 1)) + l) / p;
            }

            rsi[t] = t < p ? double.NaN : ag + al == 0 ? 50 : 100 * ag / (ag + al);
        }

        rsi[0] = double.NaN;
    }

    public static void Ema(double[] c, int p, double[] ema)
    {
        double k = 2.0 / (p + 1), e = 0;
        for (int t = 0; t < c.Length; t++)
        {
            if (t < p)
            {
                e += c[t];
                ema[t] = double.NaN;
                if (t == p - 1)
                {
                    e /= p;
                    ema[t] = e;
                }

                continue;
            }

            e += k * (c[t] - e);
            ema[t] = e;
        }
    }

    public static void Sma(double[] c, int p, double[] sma)
    {
        double sum = 0;
        for (int t = 0; t < c.Length; t++)
        {
            sum += c[t] - (t >= p ? c[t - p] : 0);
            sma[t] = t >= p - 1 ? sum / p : double.NaN;
        }
    }

    public static void Macd(double[] c, double[] line, double[] signal, double[] histogram)
    {
        double fast = 0, slow = 0, average = 0;
        for (int t = 0; t < c.Length; t++)
        {
            fast = t < 12 ? fast + (c[t] / 12) : fast + (2.0 / 13 * (c[t] - fast));
            slow = t < 26 ? slow + (c[t] / 26) : slow + (2.0 / 27 * (c[t] - slow));
            double difference = fast - slow;
            if (t >= 25)
            {
                average = t < 34 ? average + (difference / 9) : average + (0.2 * (difference - average));
            }

            line[t] = difference;
            signal[t] = average;
            histogram[t] = difference - average;
        }
    }

    public static void Adx(double[] h, double[] l, double[] c, int p, double[] adx, double[] plusDi, double[] minusDi)
    {
        double range = 0, plus = 0, minus = 0, mean = 0, keep = (p - 1.0) / p, take = 1.0 / p;
        for (int t = 1; t < c.Length; t++)
        {
            double up = h[t] - h[t - 1], down = l[t - 1] - l[t];
            double tr = Math.Max(Math.Max(h[t] - l[t], Math.Abs(h[t] - c[t - 1])), Math.Abs(l[t] - c[t - 1]));
            range = (range * keep) + (tr * take);
            plus = (plus * keep) + (up > down && up > 0 ? up * take : 0);
            minus = (minus * keep) + (down > up && down > 0 ? down * take : 0);
            plusDi[t] = 100 * plus / range;
            minusDi[t] = 100 * minus / range;
            mean = (mean * keep) + (take * (plus + minus == 0 ? 0 : 100 * Math.Abs(plus - minus) / (plus + minus)));
            adx[t] = mean;
        }
    }

    public static void Atr(double[] h, double[] l, double[] c, int p, double[] atr)
    {
        double mean = 0, keep = (p - 1.0) / p, take = 1.0 / p;
        for (int t = 1; t < c.Length; t++)
        {
            double tr = Math.Max(Math.Max(h[t] - l[t], Math.Abs(h[t] - c[t - 1])), Math.Abs(l[t] - c[t - 1]));
            mean = t <= p ? mean + (tr * take) : (mean * keep) + (tr * take);
            atr[t] = t < p ? double.NaN : mean;
        }
    }

    public static void Bollinger(double[] c, int p, double[] upper, double[] middle, double[] lower)
    {
        double sum = 0, squares = 0;
        for (int t = 0; t < c.Length; t++)
        {
            double old = t >= p ? c[t - p] : 0;
            sum += c[t] - old;
            squares += (c[t] * c[t]) - (old * old);
            double mean = sum / p, half = 2 * Math.Sqrt(Math.Max(0, (squares / p) - (mean * mean)));
            middle[t] = mean;
            upper[t] = mean + half;
            lower[t] = mean - half;
        }
    }

    public static void Stochastic(double[] h, double[] l, double[] c, double[] k, double[] d)
    {
        double raw1 = 0, raw2 = 0, k1 = 0, k2 = 0;
        for (int t = 13; t < c.Length; t++)
        {
            double highest = h[t], lowest = l[t];
            for (int i = t - 13; i < t; i++)
            {
                highest = h[i] > highest ? h[i] : highest;
                lowest = l[i] < lowest ? l[i] : lowest;
            }

            double raw = highest == lowest ? 50 : 100 * (c[t] - lowest) / (highest - lowest);
            double smooth = (raw2 + raw1 + raw) / 3;
            k[t] = smooth;
            d[t] = (k2 + k1 + smooth) / 3;
            (raw2, raw1, k2, k1) = (raw1, raw, k1, smooth);
        }
    }

    public static void Obv(double[] c, double[] v, double[] obv)
    {
        double sum = 0;
        for (int t = 1; t < c.Length; t++)
        {
            sum += c[t] > c[t - 1] ? v[t] : c[t] < c[t - 1] ? -v[t] : 0;
            obv[t] = sum;
        }
    }
}
