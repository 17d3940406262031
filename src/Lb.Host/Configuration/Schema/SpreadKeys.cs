using Lb.Kernel;

namespace Lb.Host.Configuration;

/// <summary><c>lb.spread</c>: packets that are handed to other CPUs.</summary>
internal static class SpreadKeys
{
    /// <summary>The kernel's own limit.</summary>
    private const int MostFrames = 16_384;

    /// <summary>Each CPU that hands over does so by eight frames.</summary>
    private const int LeastFrames = 64;

    public static readonly ValueKey<SpreadWish> Cpus = new(
        "cpus",
        new ScalarKind<SpreadWish>(
            "none, all, or a list of CPUs as in \"1-3,6\"",
            "write none, all, or numbers and ranges with \",\" between them",
            text => text switch
            {
                "none" => Reading<SpreadWish>.Of(SpreadWish.None),
                "all" => Reading<SpreadWish>.Of(SpreadWish.OverAll),
                _ => CpuList.Parse(text) is { } cpus
                    ? Reading<SpreadWish>.Of(SpreadWish.Over(cpus))
                    : Reading<SpreadWish>.Wrong($"{Quote.Text(text)} is no list of CPUs"),
            }));

    public static readonly ValueKey<long> Queue = new("queue", NumberKinds.Whole(LeastFrames, MostFrames));

    public static readonly SectionKey Key = new("spread", Section.Of(Cpus, Queue));
}
