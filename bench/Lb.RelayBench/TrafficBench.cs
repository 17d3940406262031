namespace Lb.RelayBench;

/// <summary>What is measured of traffic.</summary>
/// <param name="Part">Name in the options.</param>
/// <param name="Source">The address that servers see: the client's or the node's.</param>
internal sealed record Case(string Part, string Source);

/// <summary>One measurement.</summary>
/// <param name="Case">Of what.</param>
/// <param name="Proxy">Through which proxy.</param>
/// <param name="Cost">CPU of the proxy for one unit: µs for a request or connection, ms for a GB.</param>
/// <param name="Rate">Units a second.</param>
/// <param name="P99">In ms; null for bulk.</param>
/// <param name="Workers">CPU of the kernel's own workers meanwhile, for one unit, as <paramref name="Cost"/>.</param>
internal sealed record Sample(Case Case, string Proxy, double Cost, double Rate, double? P99, double Workers);

/// <summary>Sends the same traffic through each proxy in turn.</summary>
internal sealed class TrafficBench(Bed bed, Options options)
{
    private const double Micro = 1e6;
    private const double Milli = 1e3;
    private const int WarmUpSeconds = 1;
    private static readonly string[] Sources = ["node", "client"];

    /// <summary>Measures all cases.</summary>
    public IReadOnlyList<Sample> Run(Action<string> progress)
    {
        Proxy[] proxies = [.. options.Proxies.Select(name => Proxy.Start(bed, name))];
        try
        {
            Case[] cases = [.. from part in options.Only.Where(part => part != MemoryBench.Part)
                               from source in Sources
                               where options.Source is null || options.Source == source
                               select new Case(part, source)];
            foreach ((Case measured, Proxy proxy) in Pairs(cases, proxies))
            {
                Load(measured, proxy, WarmUpSeconds);
            }

            List<Sample> samples = [];
            for (int round = 1; round <= options.Rounds; round++)
            {
                progress($"round {round} of {options.Rounds}");
                // Another one begins each time: none always follows the same one.
                Proxy[] order = [.. proxies.Skip(round % proxies.Length), .. proxies.Take(round % proxies.Length)];
                samples.AddRange(Pairs(cases, order).Select(pair => Measure(pair.Case, pair.Proxy)));
            }

            return samples;
        }
        finally
        {
            Array.ForEach(proxies, proxy => proxy.Dispose());
        }
    }

    private static IEnumerable<(Case Case, Proxy Proxy)> Pairs(Case[] cases, Proxy[] proxies) =>
        from measured in cases
        from proxy in proxies
            // Splicing matters for bulk alone.
        where proxy.Name != Proxy.HAProxySplice || measured.Part.StartsWith("bulk", StringComparison.Ordinal)
        select (measured, proxy);

    private Sample Measure(Case measured, Proxy proxy)
    {
        double before = ProcessCost.CpuSeconds(proxy.Id);
        double workers = ProcessCost.WorkerSeconds();
        Done done = Load(measured, proxy, options.Seconds);
        double used = ProcessCost.CpuSeconds(proxy.Id) - before;
        double byWorkers = ProcessCost.WorkerSeconds() - workers;
        double scale = done.P99 is null ? Milli : Micro;
        return new Sample(measured, proxy.Name, used / done.Units * scale, done.Units / done.Seconds, done.P99, byWorkers / done.Units * scale);
    }

    private Done Load(Case measured, Proxy proxy, int seconds) => measured.Part switch
    {
        "requests" => Loads.Requests(bed, proxy.Http(measured.Source), seconds, keepAlive: true),
        "connections" => Loads.Requests(bed, proxy.Http(measured.Source), seconds, keepAlive: false),
        "bulk-1" => Loads.Bulk(bed, proxy.Bulk(measured.Source), seconds, streams: 1),
        _ => Loads.Bulk(bed, proxy.Bulk(measured.Source), seconds, streams: 8),
    };
}
