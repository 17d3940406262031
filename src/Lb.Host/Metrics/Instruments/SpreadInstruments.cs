using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using System.Globalization;
using Lb.Actors;
using Lb.Kernel;

namespace Lb.Host.Metrics;

/// <summary>Packets that are spread over CPUs.</summary>
internal static class SpreadInstruments
{
    public static void Add(SiteMeter site)
    {
        site.Counter(
            "lb.cpu.packets",
            "{packet}",
            "Packets by the CPU that has their flow, since they are spread over CPUs: own (came to it), given (put into its queue, "
            + "or tried to), taken (out of its queue).",
            snapshot => Uses(snapshot).SelectMany(Measure));
        site.Counter(
            "lb.cpu.lost",
            "{packet}",
            "Packets that were lost for certain because the queue of a CPU was full: given less taken and what all queues have room for.",
            snapshot => snapshot.Kernel.Spread is { } spread ? [new Measurement<long>(spread.Use.Lost)] : []);
    }

    private static ImmutableArray<CpuUse> Uses(ServicesSnapshot snapshot) => snapshot.Kernel.Spread?.Use.Cpus ?? [];

    private static IEnumerable<Measurement<long>> Measure(CpuUse use) =>
    [
        Of(use, use.Own, "own"),
        Of(use, use.Given, "given"),
        Of(use, use.Taken, "taken"),
    ];

    private static Measurement<long> Of(CpuUse use, long packets, string way) => new(
        packets, Tag.Of("cpu", use.Cpu.ToString(CultureInfo.InvariantCulture)), Tag.Of("way", way));
}
