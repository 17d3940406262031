using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Lb.Testing;

[assembly: SupportedOSPlatform("linux")]

namespace Lb.ClusterBench;

/// <summary>
/// What a node alone or a cluster costs and how fast it is: from the start until all tables are there, idle, from a verdict to
/// every kernel, from a change to every kernel, and at many changes a second.
/// </summary>
internal static class Program
{
    private static async Task<int> Main(string[] arguments)
    {
        if (Options.Parse(arguments) is not { } options)
        {
            Console.Error.WriteLine(Options.Usage);
            return 2;
        }

        Console.WriteLine(
            $"{Environment.ProcessorCount} processors, .NET {Environment.Version}, load before {Load}: {options.Nodes} nodes, "
            + $"{options.Services} services with {options.Backends} backends, "
            + (options.Interval > 0 ? $"a probe each {options.Interval} ms" : "no probes"));
        await using TemporaryPostgres? server = options.Nodes > 1 ? await TemporaryPostgres.StartAsync() : null;
        using Bed bed = new(options, server?.ConnectionString(await server.CreateDatabaseAsync()));
        void End(PosixSignalContext context) => bed.Dispose();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        bed.PrintStart();
        Cost.Print("idle", await Cost.OfAsync(bed, TimeSpan.FromSeconds(options.Seconds), () => Task.CompletedTask));
        if (options.Interval > 0)
        {
            Verdicts.Run(bed, options);
        }

        await Changes.TimeAsync(bed, options);
        Cost.Print($"at {options.Rate} changes a second", await Changes.CostAsync(bed, options));
        Console.WriteLine($"load after {Load}");
        return 0;
    }

    private static string Load => File.ReadAllText("/proc/loadavg").Split(' ')[0];

    /// <summary>A line with what is in the middle, what 99 of 100 are below, and the ends.</summary>
    public static void Print(string what, List<double> milliseconds)
    {
        milliseconds.Sort();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{what,-44} p50 {At(milliseconds, 0.5):0} ms, p99 {At(milliseconds, 0.99):0} ms ({milliseconds[0]:0} – {milliseconds[^1]:0}, {milliseconds.Count} times)"));
    }

    private static double At(List<double> sorted, double share) =>
        sorted[Math.Min((int)Math.Ceiling(sorted.Count * share) - 1, sorted.Count - 1)];
}
