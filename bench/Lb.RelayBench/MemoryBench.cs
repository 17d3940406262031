using System.Diagnostics;
using Lb.Testing;

namespace Lb.RelayBench;

/// <summary>Resident memory of a proxy with idle connections.</summary>
/// <param name="Proxy">Which.</param>
/// <param name="Connections">How many.</param>
/// <param name="Bytes">Resident.</param>
/// <param name="BytesEach">What it grew by since it started, for each connection.</param>
internal sealed record MemorySample(string Proxy, int Connections, long Bytes, double BytesEach);

/// <summary>Holds idle connections open through a proxy that has just started.</summary>
internal static class MemoryBench
{
    /// <summary>Name in the options.</summary>
    public const string Part = "memory";

    private static readonly TimeSpan OpenTime = TimeSpan.FromSeconds(30);

    /// <summary>2,000 and 10,000, or as many as descriptors allow, each with a process of its own.</summary>
    public static IReadOnlyList<MemorySample> Run(Bed bed, Options options) =>
        [.. from proxy in options.Proxies.Where(name => name != Proxy.HAProxySplice)
            from count in new[] { 2_000, Math.Min(10_000, Bed.MostConnections) }
            select Measure(bed, proxy, count)];

    private static MemorySample Measure(Bed bed, string name, int count)
    {
        using Proxy proxy = Proxy.Start(bed, name);
        // What is loaded and compiled with the first connections is not theirs.
        Loads.Requests(bed, proxy.Http("node"), seconds: 1, keepAlive: false);
        Wait.Until(() => Established(bed) == 0, "no connection is left");
        long before = ProcessCost.ResidentBytes(proxy.Id);
        using Process clients = bed.StartLoad(
            Environment.ProcessPath!, IdleClients.Role, $"{proxy.Http("node")}", $"{count}");
        try
        {
            Wait.Until(() => Established(bed) == count, $"{count} connections are open through {name}", OpenTime);
            long bytes = ProcessCost.ResidentBytes(proxy.Id);
            return new MemorySample(name, count, bytes, (double)(bytes - before) / count);
        }
        finally
        {
            clients.Kill();
            clients.WaitForExit();
        }
    }

    private static int Established(Bed bed) => bed.Server
        .Run("ss", "-Htn", "state", "established", $"sport = :{Bed.HttpPort}")
        .Count(character => character == '\n');
}
