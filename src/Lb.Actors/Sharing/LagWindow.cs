namespace Lb.Actors;

/// <summary>The newest of some times.</summary>
internal sealed class LagWindow
{
    private const int Most = 512;
    private readonly long[] _lags = new long[Most];
    private long _count;

    /// <summary>Adds one, in ticks.</summary>
    public void Add(long lag) => _lags[_count++ % Most] = lag;

    /// <summary>What a share of them is at most; zero when there is none.</summary>
    public TimeSpan Quantile(double share)
    {
        long[] lags = _lags[..(int)Math.Min(_count, Most)];
        if (lags.Length == 0)
        {
            return TimeSpan.Zero;
        }

        Array.Sort(lags);
        return TimeSpan.FromTicks(lags[(int)Math.Min(lags.Length - 1, share * lags.Length)]);
    }
}
