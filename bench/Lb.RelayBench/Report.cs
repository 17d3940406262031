using System.Globalization;
using System.Text.Json;
using Lb.Bench;

namespace Lb.RelayBench;

/// <summary>What was found of a case and a proxy over all rounds.</summary>
internal sealed record Figure(Case Case, string Proxy, Statistics Cost, Statistics Rate, Statistics? P99)
{
    /// <summary>CPU of the kernel's workers for one unit.</summary>
    public required Statistics Workers { get; init; }
}

/// <summary>All that a run has found.</summary>
internal sealed class Report(IReadOnlyList<Sample> samples, IReadOnlyList<MemorySample> memory)
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    private readonly Figure[] _figures =
        [.. samples.GroupBy(sample => (sample.Case, sample.Proxy)).Select(group => new Figure(
            group.Key.Case,
            group.Key.Proxy,
            Statistics.Of(group.Select(sample => sample.Cost)),
            Statistics.Of(group.Select(sample => sample.Rate)),
            group.First().P99 is null ? null : Statistics.Of(group.Select(sample => sample.P99!.Value)))
        {
            Workers = Statistics.Of(group.Select(sample => sample.Workers)),
        })];

    public void Print(TextWriter to)
    {
        foreach (IGrouping<Case, Figure> of in _figures.GroupBy(figure => figure.Case))
        {
            to.WriteLine($"{of.Key.Part}, servers see the {of.Key.Source}: CPU of the proxy for each ({UnitOf(of.Key)})");
            double? haproxy = of.FirstOrDefault(figure => figure.Proxy == Proxy.HAProxy)?.Cost.Median;
            foreach (Figure figure in of)
            {
                to.WriteLine(Line(figure, haproxy));
            }

            to.WriteLine();
        }

        foreach (MemorySample sample in memory)
        {
            to.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{sample.Proxy,-15} {sample.Connections,6:N0} idle: {sample.Bytes / 1e6,6:0.0} MB resident, {sample.BytesEach,6:N0} bytes each since start-up"));
        }

        to.WriteLine();
        foreach (Bar bar in Bars.Of(_figures, memory))
        {
            to.WriteLine(bar);
        }
    }

    /// <summary>Writes the same as JSON; returns the path.</summary>
    public string Save(string directory)
    {
        Directory.CreateDirectory(directory);
        string path = Path.Combine(directory, "relays.json");
        var content = new
        {
            Time = DateTimeOffset.UtcNow,
            Kernel = Environment.OSVersion.VersionString,
            Figures = _figures,
            Memory = memory,
            Bars = Bars.Of(_figures, memory),
        };
        File.WriteAllText(path, JsonSerializer.Serialize(content, Json) + Environment.NewLine);
        return path;
    }

    private static string Line(Figure figure, double? haproxy)
    {
        Statistics cost = figure.Cost;
        string ratio = haproxy is { } other
            ? string.Create(CultureInfo.InvariantCulture, $"{cost.Median / other,5:0.00} × HAProxy")
            : "";
        string slow = figure.P99 is { } p99
            ? string.Create(CultureInfo.InvariantCulture, $", p99 {p99.Median:0.00} ms ({p99.Min:0.00}–{p99.Max:0.00})")
            : "";
        string rate = figure.P99 is null ? "GB/s" : "/s";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"  {figure.Proxy,-15} {cost.Median,7:0.0} ({cost.Min:0.0}–{cost.Max:0.0}) {ratio}, workers {figure.Workers.Median,7:0.0}, {figure.Rate.Median,8:N1} {rate}{slow}");
    }

    private static string UnitOf(Case measured) => measured.Part switch
    {
        "requests" => "µs a request",
        "connections" => "µs a connection",
        _ => "ms a GB",
    };
}
