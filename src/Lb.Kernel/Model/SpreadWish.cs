using System.Collections.Immutable;

namespace Lb.Kernel;

/// <summary>Which CPUs the packets of services are spread over.</summary>
public sealed record SpreadWish
{
    private SpreadWish(bool all, ImmutableSortedSet<int> cpus)
    {
        All = all;
        Cpus = cpus;
    }

    /// <summary>None: each packet is handled by the CPU that it comes to.</summary>
    public static SpreadWish None { get; } = new(false, []);

    /// <summary>All that are online.</summary>
    public static SpreadWish OverAll { get; } = new(true, []);

    /// <summary>All that are online.</summary>
    public bool All { get; }

    /// <summary>These, where not all of them.</summary>
    public ImmutableSortedSet<int> Cpus { get; }

    /// <summary>Frames that wait for a CPU at most.</summary>
    public int Queue { get; init; } = 2048;

    /// <summary>Whether packets stay where they come to.</summary>
    public bool IsNone => !All && Cpus.IsEmpty;

    /// <summary>Over these CPUs, as far as they are online.</summary>
    public static SpreadWish Over(IEnumerable<int> cpus) => new(false, [.. cpus]);

    /// <summary>Those of the CPUs that are online which are to have packets.</summary>
    public ImmutableArray<int> Among(IEnumerable<int> online) => [.. online.Where(cpu => All || Cpus.Contains(cpu)).Order()];

    /// <inheritdoc/>
    public bool Equals(SpreadWish? other) =>
        other is not null && All == other.All && Cpus.SetEquals(other.Cpus) && (IsNone || Queue == other.Queue);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(All, Cpus.Count);

    /// <inheritdoc/>
    public override string ToString() => IsNone ? "none" : All ? "all" : CpuList.Format(Cpus);
}
