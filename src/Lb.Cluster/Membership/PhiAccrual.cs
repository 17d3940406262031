namespace Lb.Cluster.Membership;

/// <summary>
/// How suspicious the silence of a node is, after Hayashibara, Défago, Yared and Katayama, "The φ Accrual Failure
/// Detector", 2004: φ is the negative decimal logarithm of the probability that an answer comes later still, by the
/// intervals between answers until now.
/// </summary>
public sealed class PhiAccrual
{
    private const int Window = 100;

    private readonly double _expected;
    private readonly double _leastDeviation;
    private readonly double _pause;
    private readonly Queue<double> _intervals = [];
    private double _sum;
    private double _squares;
    private double _last;

    /// <summary>Begins to listen.</summary>
    /// <param name="now">The observer's time, which stands still while the observer does.</param>
    /// <param name="expected">How often an answer is expected.</param>
    /// <param name="leastDeviation">What intervals are taken to differ by at least.</param>
    /// <param name="pause">How long a node may be halted, by its garbage collector say, and be believed in.</param>
    public PhiAccrual(TimeSpan now, TimeSpan expected, TimeSpan leastDeviation, TimeSpan pause)
    {
        _expected = expected.TotalMilliseconds;
        _leastDeviation = leastDeviation.TotalMilliseconds;
        _pause = pause.TotalMilliseconds;
        _last = now.TotalMilliseconds;

        // Until there is experience, intervals are taken to be rather uneven.
        Add(_expected * 0.75);
        Add(_expected * 1.25);
    }

    /// <summary>Takes note of an answer.</summary>
    public void Heard(TimeSpan now)
    {
        // What came after a long silence says nothing of what is usual.
        var interval = now.TotalMilliseconds - _last;
        if (interval < (_expected * 2) + _pause)
        {
            Add(interval);
        }

        _last = now.TotalMilliseconds;
    }

    /// <summary>Returns φ.</summary>
    public double Phi(TimeSpan now)
    {
        var mean = _sum / _intervals.Count;
        var variance = Math.Max(0, (_squares / _intervals.Count) - (mean * mean));
        var deviation = Math.Max(Math.Sqrt(variance), _leastDeviation);
        var y = (now.TotalMilliseconds - _last - mean - _pause) / deviation;

        // The normal distribution's tail, by the logistic function that comes near to it.
        var exponent = y * (1.5976 + (0.070566 * y * y));
        return exponent > 30 ? exponent / Math.Log(10) : Math.Log10(1 + Math.Exp(exponent));
    }

    private void Add(double interval)
    {
        _intervals.Enqueue(interval);
        _sum += interval;
        _squares += interval * interval;
        if (_intervals.Count > Window)
        {
            var oldest = _intervals.Dequeue();
            _sum -= oldest;
            _squares -= oldest * oldest;
        }
    }
}
