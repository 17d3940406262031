using System.Globalization;
using Lb.Bench;

namespace Lb.MeshBench;

/// <summary>Traffic between nodes by TLS beside the same by UDP, in turns. Run where nothing else uses loopback.</summary>
internal static class Program
{
    private const string Usage = "Lb.MeshBench [--rounds N] [--seconds N] [--messages N]";

    private static async Task<int> Main(string[] arguments)
    {
        if (!TryRead(arguments, "--rounds", 5, out var rounds) || !TryRead(arguments, "--seconds", 20, out var seconds)
            || !TryRead(arguments, "--messages", 2000, out var messages) || arguments.Length % 2 != 0)
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }

        Console.WriteLine(
            $"{Environment.ProcessorCount} processors, .NET {Environment.Version}, load before {Load}; median (minimum – maximum) of {rounds} rounds");
        using var site = new Site();
        var idle = new IdleBench(site);
        var latency = new LatencyBench(site);
        Dictionary<string, List<double>> figures = [];

        // A first round of each compiles the code, and does not count.
        for (var round = -1; round < rounds; round++)
        {
            foreach (var tls in (bool[])[false, true])
            {
                var kind = tls ? "TLS" : "UDP";
                var (bytes, cpu) = await idle.RunAsync(tls, round, TimeSpan.FromSeconds(round < 0 ? 3 : seconds));
                Add($"{kind}: idle node of three, bytes a second", bytes);
                Add($"{kind}: idle node of three, processor time a second, µs", cpu);
                foreach (var beside in tls ? (bool[])[false, true] : [false])
                {
                    var what = beside ? " beside 50 MB/s of long messages" : "";
                    var (median, high, lost) = await latency.RunAsync(tls, beside, round < 0 ? 500 : messages);
                    Add($"{kind}: message{what}, p50, µs", median);
                    Add($"{kind}: message{what}, p99, µs", high);
                    Add($"{kind}: message{what}, lost of {messages}", lost);
                }
            }

            if (round < 0)
            {
                figures.Clear();
            }
        }

        foreach (var (name, values) in figures.OrderBy(figure => figure.Key, StringComparer.Ordinal))
        {
            var all = Statistics.Of([.. values]);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{name,-66} {all.Median,10:N0} ({all.Min:N0} – {all.Max:N0})"));
        }

        Console.WriteLine($"load after {Load}");
        return 0;

        void Add(string name, double value)
        {
            if (!figures.TryGetValue(name, out var values))
            {
                figures.Add(name, values = []);
            }

            values.Add(value);
        }
    }

    private static string Load => File.ReadAllText("/proc/loadavg").Split(' ')[0];

    private static bool TryRead(string[] arguments, string name, int usual, out int value)
    {
        var at = Array.IndexOf(arguments, name);
        value = usual;
        return at < 0 || (at + 1 < arguments.Length && int.TryParse(arguments[at + 1], CultureInfo.InvariantCulture, out value) && value > 0);
    }
}
