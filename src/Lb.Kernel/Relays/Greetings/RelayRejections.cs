using System.Collections.Immutable;

namespace Lb.Kernel.Relays;

/// <summary>Counts connections that were ended before a backend was chosen, by reason. Every loop counts here.</summary>
internal sealed class RelayRejections
{
    private static readonly RelayRejection[] s_reasons = Enum.GetValues<RelayRejection>();

    private readonly long[] _counts = new long[s_reasons.Length];

    public void Add(RelayRejection reason) => Interlocked.Increment(ref _counts[(int)reason]);

    public ImmutableSortedDictionary<RelayRejection, long> Read() => s_reasons
        .Select(reason => KeyValuePair.Create(reason, Interlocked.Read(ref _counts[(int)reason])))
        .Where(count => count.Value > 0)
        .ToImmutableSortedDictionary();
}
