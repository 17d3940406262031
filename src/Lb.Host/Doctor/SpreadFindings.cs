using System.Collections.Immutable;
using System.Globalization;
using Lb.Actors;

namespace Lb.Host.Doctor;

/// <summary>What a running node tells of the CPUs that its packets are spread over.</summary>
internal static class SpreadFindings
{
    private const string Full = "spread-queue";
    private const string Idle = "spread-idle";

    /// <summary>The codes that there are.</summary>
    public static ImmutableArray<string> Codes { get; } = [Idle, Full];

    /// <summary>Queues that were full lately, and packets that are not spread though they are to be.</summary>
    public static IEnumerable<Finding> Of(ServicesSnapshot site)
    {
        if (site.Kernel.Spread is { Lately: > 0 } spread)
        {
            yield return Finding.Warning(
                Full,
                "lb.spread",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"CPUs that packets are handed to were too slow: between the last two self-checks {spread.Lately} packets or more found a queue of {spread.Use.Wish.Queue} full."),
                "They were lost.",
                "spread over more CPUs, or raise lb.spread.queue if that was a burst");
        }

        if (site.Kernel is { Spread: not null, WhyNotXdp: { } why })
        {
            yield return Finding.Warning(
                Idle,
                "lb.spread",
                $"lb.spread.cpus is set, and all services are at traffic control: {why}.",
                "Packets are spread at XDP alone.",
                "what the finding about the interface says, or lb.spread.cpus = none and RPS of the interface");
        }
    }
}
