namespace Lb.Kernel.Relays;

/// <summary>
/// Latency of a backend as the load metric "peak EWMA" of Finagle keeps it: a sample above the average takes its place at
/// once, one below it pulls it down by time, e^(-t/τ) of the old being left after t. Several threads may add and read.
/// </summary>
internal sealed class PeakLatency
{
    /// <summary>τ: what was seen so long ago counts for 37 %.</summary>
    public const double DecayMilliseconds = 10_000;

    // The average in µs as a float below, the moment of the last sample in ms above: they change as one.
    private long _state;

    /// <summary>Takes a sample.</summary>
    /// <param name="microseconds">What was measured.</param>
    /// <param name="now">In ms.</param>
    public void Add(double microseconds, long now)
    {
        long before = Interlocked.Read(ref _state);
        while (true)
        {
            long after = Pack(Next(Average(before), Elapsed(before, now), microseconds), now);
            long seen = Interlocked.CompareExchange(ref _state, after, before);
            if (seen == before)
            {
                return;
            }

            before = seen;
        }
    }

    /// <summary>The average, decayed until now: what was slow once is tried again. 0 while nothing is known.</summary>
    public double Read(long now)
    {
        long state = Interlocked.Read(ref _state);
        return Average(state) * Math.Exp(-Elapsed(state, now) / DecayMilliseconds);
    }

    /// <summary>The average after a sample. Pure.</summary>
    public static double Next(double average, double elapsedMilliseconds, double sample)
    {
        if (sample >= average)
        {
            return sample;
        }

        double old = Math.Exp(-Math.Max(elapsedMilliseconds, 0) / DecayMilliseconds);
        return (average * old) + (sample * (1 - old));
    }

    private static double Average(long state) => BitConverter.UInt32BitsToSingle((uint)state);

    private static double Elapsed(long state, long now) => Math.Max(0, (int)((uint)now - (uint)(state >> 32)));

    private static long Pack(double average, long now) =>
        (long)(((ulong)(uint)now << 32) | BitConverter.SingleToUInt32Bits((float)average));
}
