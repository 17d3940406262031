using System.Collections.Immutable;

namespace Lb.Kernel.Relays;

/// <summary>Counts what the kernel carries of a service.</summary>
internal sealed class SockmapCounts
{
    private readonly long[] _fallbacks = new long[Enum.GetValues<RelayFallback>().Length];
    private long _now;
    private long _moved;
    private long _takenBack;
    private long _bytes;

    /// <summary>The kernel was given some, or one stayed out.</summary>
    public bool HasAny => Interlocked.Read(ref _moved) > 0 || _fallbacks.Any(count => count > 0);

    public void AddMoved()
    {
        Interlocked.Increment(ref _now);
        Interlocked.Increment(ref _moved);
    }

    public void AddLeft() => Interlocked.Decrement(ref _now);

    public void AddTakenBack() => Interlocked.Increment(ref _takenBack);

    public void AddBytes(long bytes) => Interlocked.Add(ref _bytes, bytes);

    public void AddFallback(RelayFallback why) => Interlocked.Increment(ref _fallbacks[(int)why]);

    /// <summary>What was counted.</summary>
    /// <param name="fault">Why the kernel carries none; null when it can.</param>
    public RelaySockmapReport Read(string? fault) => new(
        Interlocked.Read(ref _now),
        Interlocked.Read(ref _moved),
        Interlocked.Read(ref _takenBack),
        Interlocked.Read(ref _bytes))
    {
        Fault = fault,
        Fallbacks = Enum.GetValues<RelayFallback>()
            .Select(why => KeyValuePair.Create(why, Interlocked.Read(ref _fallbacks[(int)why])))
            .Where(why => why.Value > 0)
            .ToImmutableSortedDictionary(),
    };
}
