using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Lb.Testing;

namespace Lb.ClusterBench;

/// <summary>A line of a node's log.</summary>
internal sealed record LogLine(DateTime Time, int Event, JsonElement State);

/// <summary>An lbd in a network namespace of its own.</summary>
internal sealed partial class ClusterNodeProcess : IDisposable
{
    private const double TicksPerSecond = 100;
    private static readonly string Folder = AppContext.BaseDirectory;

    private readonly ConcurrentQueue<LogLine> _log = new();
    private readonly Process _process;
    private readonly string _site;
    private readonly string _file;

    /// <summary>Starts it.</summary>
    public ClusterNodeProcess(TestNamespace net, string site, string address, string file)
    {
        Net = net;
        Address = address;
        _site = site;
        _file = file;
        CountBytes();
        _process = net.Start(Path.Combine(Folder, "lbd"), "--config", file);
        _process.OutputDataReceived += (_, line) => Note(line.Data);
        _process.ErrorDataReceived += (_, line) => Console.Error.WriteLine(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Its namespace.</summary>
    public TestNamespace Net { get; }

    /// <summary>Where other nodes reach it.</summary>
    public string Address { get; }

    /// <summary>What it has logged since this was asked for last.</summary>
    public List<LogLine> TakeLog()
    {
        List<LogLine> lines = [];
        while (_log.TryDequeue(out LogLine? line))
        {
            lines.Add(line);
        }

        return lines;
    }

    /// <summary>Runs a command of pbm on it.</summary>
    public (int ExitCode, string Output, string Error) Pbm(params string[] arguments) =>
        Command.TryRun("nsenter", [$"--net={Net.Path}", Path.Combine(Folder, "pbm"), .. arguments]);

    /// <summary>What it says to a command.</summary>
    public JsonElement Ask(params string[] arguments)
    {
        (int exit, string output, _) = Pbm(["--output", "json", .. arguments]);
        return exit == 0 ? JsonDocument.Parse(output).RootElement : default;
    }

    /// <summary>Whether the admin API says that something is well.</summary>
    public bool Answers(string path) =>
        Command.TryRun("nsenter", $"--net={Net.Path}", "curl", "-sf", "-m", "10", $"http://127.0.0.1:9110{path}").ExitCode == 0;

    /// <summary>Processor time that it has used, in seconds.</summary>
    public double Processor()
    {
        string[] fields = File.ReadAllText($"/proc/{_process.Id}/stat").Split(") ", 2)[1].Split(' ');
        return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture))
            / TicksPerSecond;
    }

    /// <summary>Memory that it has in use, in megabytes.</summary>
    public double Memory() => long.Parse(
        File.ReadLines($"/proc/{_process.Id}/status").Single(line => line.StartsWith("VmRSS", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture) / 1024.0;

    /// <summary>Bytes that it has sent to other nodes, with the headers of IP.</summary>
    public long Bytes() => long.Parse(
        CountedBytes().Match(Net.Run("nft", "list", "counter", "inet", "bench", "mesh")).Groups["bytes"].ValueSpan,
        CultureInfo.InvariantCulture);

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
        Command.TryRun("nsenter", [$"--net={Net.Path}", Path.Combine(Folder, "lbd"), "--config", _file, "--cleanup"]);
        File.Delete($"/run/lb/{_site}.lock");
        Net.Dispose();
    }

    [GeneratedRegex("bytes (?<bytes>[0-9]+)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex CountedBytes();

    private void CountBytes()
    {
        Net.Run("nft", "add table inet bench");
        Net.Run("nft", "add counter inet bench mesh");
        Net.Run("nft", "add chain inet bench out { type filter hook output priority 0; }");
        Net.Run("nft", "add rule inet bench out ip daddr 10.77.0.0/24 meta l4proto { tcp, udp } th dport 9120 counter name mesh");
        Net.Run("nft", "add rule inet bench out ip daddr 10.77.0.0/24 meta l4proto { tcp, udp } th sport 9120 counter name mesh");
    }

    private void Note(string? text)
    {
        if (text is null || !text.StartsWith('{'))
        {
            return;
        }

        JsonElement line = JsonDocument.Parse(text).RootElement;
        _log.Enqueue(new LogLine(
            line.GetProperty("Timestamp").GetDateTime(), line.GetProperty("EventId").GetInt32(), line.GetProperty("State")));
    }
}
