using Lb.Bench;

namespace Lb.RelayBench;

/// <summary>What relays are held to, beside HAProxy in the same run.</summary>
internal static class Bars
{
    private const double CostOfRequest = 0.8;
    private const double CostOfConnection = 1.0;
    private const double CostOfBulk = 0.65;
    private const double SlowRequests = 1.1;
    private const double MemoryOfIdle = 1.5;

    /// <summary>The bars of what was measured of both.</summary>
    public static IReadOnlyList<Bar> Of(IReadOnlyList<Figure> figures, IReadOnlyList<MemorySample> memory) =>
        [.. OfTraffic(figures), .. OfMemory(memory)];

    private static IEnumerable<Bar> OfTraffic(IReadOnlyList<Figure> figures)
    {
        foreach (Figure lb in figures.Where(figure => figure.Proxy == Proxy.Lb))
        {
            if (figures.FirstOrDefault(f => f.Case == lb.Case && f.Proxy == Proxy.HAProxy) is not { } other)
            {
                continue;
            }

            string what = $"{lb.Case.Part} from {lb.Case.Source}";
            double limit = lb.Case.Part switch
            {
                "requests" => CostOfRequest,
                "connections" => CostOfConnection,
                _ => CostOfBulk,
            };
            yield return new Bar($"{what}, CPU beside HAProxy's", lb.Cost.Median / other.Cost.Median, limit, "×");
            if (lb is { P99: { } slow, Case.Part: "requests" } && other.P99 is { } otherSlow)
            {
                yield return new Bar($"{what}, p99 beside HAProxy's", slow.Median / otherSlow.Median, SlowRequests, "×");
            }
        }
    }

    private static IEnumerable<Bar> OfMemory(IReadOnlyList<MemorySample> memory) =>
        from lb in memory.Where(sample => sample.Proxy == Proxy.Lb)
        from other in memory.Where(sample => sample.Proxy == Proxy.HAProxy && sample.Connections == lb.Connections)
        select new Bar(
            $"memory of each of {lb.Connections} idle connections beside HAProxy's",
            lb.BytesEach / other.BytesEach,
            MemoryOfIdle,
            "×");
}
