using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Lb.RelayBench;

/// <summary>What a load has done.</summary>
/// <param name="Units">Requests, connections, or GB.</param>
/// <param name="Seconds">In this time.</param>
/// <param name="P99">The slowest percent of the requests took longer, in ms; null for bulk.</param>
internal sealed record Done(double Units, double Seconds, double? P99);

/// <summary>The programs that create load.</summary>
internal static partial class Loads
{
    private const double Giga = 1e9;

    /// <summary>HTTP requests by wrk over 64 connections.</summary>
    public static Done Requests(Bed bed, int port, int seconds, bool keepAlive)
    {
        string[] close = keepAlive ? [] : ["-H", "Connection: close"];
        string output = Finish(bed.StartLoad(
            "wrk", ["-t1", "-c64", $"-d{seconds}s", "--latency", .. close, $"http://{Bed.ProxyAddress}:{port}/"]));
        Match done = DonePattern().Match(output);
        Match slow = SlowPattern().Match(output);
        if (!done.Success || !slow.Success || output.Contains("Non-2xx", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"wrk says something else than expected: {output}");
        }

        double unit = slow.Groups["unit"].Value switch { "us" => 1e-3, "ms" => 1, _ => 1e3 };
        double took = Number(done.Groups["time"].Value) * (done.Groups["unit"].Value == "m" ? 60 : 1);
        return new Done(Number(done.Groups["count"].Value), took, Number(slow.Groups["time"].Value) * unit);
    }

    /// <summary>Bytes by iperf3 towards the server.</summary>
    public static Done Bulk(Bed bed, int port, int seconds, int streams)
    {
        string output = Finish(bed.StartLoad(
            "iperf3", "-c", Bed.ProxyAddress, "-p", $"{port}", "-t", $"{seconds}", "-P", $"{streams}", "-J"));
        using var report = JsonDocument.Parse(output);
        JsonElement sum = report.RootElement.GetProperty("end").GetProperty("sum_received");
        return new Done(sum.GetProperty("bytes").GetDouble() / Giga, sum.GetProperty("seconds").GetDouble(), null);
    }

    private static string Finish(Process process)
    {
        using Process ended = process;
        Task<string> error = ended.StandardError.ReadToEndAsync();
        string output = ended.StandardOutput.ReadToEnd();
        ended.WaitForExit();
        return ended.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"A load ended with {ended.ExitCode}: {error.Result}{output}");
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"(?<count>\d+) requests in (?<time>[\d.]+)(?<unit>s|m)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex DonePattern();

    [GeneratedRegex(@"99% +(?<time>[\d.]+)(?<unit>us|ms|s)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex SlowPattern();
}
