using System.Collections.Immutable;

namespace Lb.Kernel;

/// <summary>How packets are spread over CPUs.</summary>
/// <param name="Wish">What is asked for.</param>
/// <param name="Cpus">The CPUs that are asked for, and others that have had packets.</param>
public sealed record SpreadUse(SpreadWish Wish, ImmutableArray<CpuUse> Cpus)
{
    /// <summary>
    /// Packets that were handed over and that no CPU has taken: they wait, or were lost because a queue was full.
    /// </summary>
    public long Missing => Math.Max(0, Cpus.Sum(cpu => cpu.Given - cpu.Taken));

    /// <summary>CPUs that may hand packets over.</summary>
    public int Sources { get; init; } = 1;

    /// <summary>Packets that were lost for certain: more are missing than all queues have room for.</summary>
    /// <remarks>Beside a queue each CPU that hands over holds up to eight frames for it.</remarks>
    public long Lost => Math.Max(0, Missing - (Cpus.Length * (Wish.Queue + (8L * Sources))));
}

/// <summary>What a CPU has had.</summary>
/// <param name="Cpu">Its number.</param>
/// <param name="IsUsed">Whether it is given packets.</param>
/// <param name="Own">Packets of its flows that came to it in the first place.</param>
/// <param name="Given">Packets that other CPUs have put into its queue, or tried to.</param>
/// <param name="Taken">Packets that it has taken out of its queue and handled.</param>
public sealed record CpuUse(int Cpu, bool IsUsed, long Own, long Given, long Taken);
