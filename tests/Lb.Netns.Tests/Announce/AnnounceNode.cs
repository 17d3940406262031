using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Lb.Netns.Tests.Node;
using Lb.Testing;
using Xunit.Sdk;

namespace Lb.Netns.Tests.Announce;

/// <summary>A node of a bed: its namespace, its cables, and the process that runs there at the moment.</summary>
internal sealed class AnnounceNode : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly IReadOnlyList<TestNamespace> _switches;
    private readonly string _port;
    private readonly string _file;
    private readonly ConcurrentQueue<string> _log = new();
    private Process? _process;

    public AnnounceNode(
        TestNamespace net, IReadOnlyList<TestNamespace> switches, string port, string site, string address, string folder,
        string config)
    {
        Net = net;
        _switches = switches;
        _port = port;
        Site = site;
        Address = address;
        _file = Path.Combine(folder, $"{site}.conf");
        File.WriteAllText(_file, config);
        Api = new AdminApi(net);
    }

    public TestNamespace Net { get; }

    public string Site { get; }

    /// <summary>Where the other nodes reach it.</summary>
    public string Address { get; }

    public AdminApi Api { get; }

    public void Start()
    {
        _process?.Dispose();
        Process process = Net.Start(Lbd.Executable, "--config", _file);
        process.OutputDataReceived += (_, line) => _log.Enqueue(line.Data ?? "");
        process.ErrorDataReceived += (_, line) => _log.Enqueue(line.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _process = process;
    }

    /// <summary>Changes its site file, and has it read that anew.</summary>
    public void Reconfigure(string from, string to)
    {
        string before = File.ReadAllText(_file);
        Assert.Contains(from, before, StringComparison.Ordinal);
        File.WriteAllText(_file, before.Replace(from, to, StringComparison.Ordinal));
        Signal("HUP");
    }

    public void Signal(string name) => Command.Run("kill", $"-{name}", $"{_process!.Id}");

    public void Kill()
    {
        Signal("KILL");
        _process!.WaitForExit();
    }

    /// <summary>Ends it the orderly way.</summary>
    public void Stop()
    {
        Signal("TERM");
        Assert.True(_process!.WaitForExit(Patience), Story());
        Assert.True(_process.ExitCode == 0, Story());
    }

    /// <summary>Takes all its cables out, or puts them back.</summary>
    public void Cables(bool inside)
    {
        foreach (TestNamespace net in _switches)
        {
            net.Ip($"link set {_port} {(inside ? "up" : "down")}");
        }
    }

    /// <summary>What <c>cluster vips</c> says; null while nobody answers.</summary>
    public JsonElement? Vips()
    {
        try
        {
            return Api.Run("cluster", "vips");
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or SocketException or XunitException)
        {
            return null;
        }
    }

    /// <summary>Whether it sees so many members, all of them well.</summary>
    public bool Sees(int members)
    {
        try
        {
            JsonElement shown = Api.Run("cluster", "show");
            return shown.GetProperty("nodes").EnumerateArray().Count(
                node => node.GetProperty("state").GetString() == "up" && node.GetProperty("reachable").GetBoolean()) == members
                && shown.GetProperty("nodes").GetArrayLength() == members;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or SocketException or XunitException)
        {
            return false;
        }
    }

    /// <summary>Whether an address is on one of its interfaces.</summary>
    public bool HasAddress(IPAddress address) =>
        Net.Ip("-o addr show").Contains($" {address}/", StringComparison.Ordinal);

    /// <summary>Whether a program runs in its namespace.</summary>
    public bool Runs(string program) => Command.TryRun("ip", "netns", "pids", Net.Name).Output
        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Any(id => Command.TryRun("cat", $"/proc/{id.Trim()}/comm").Output.Trim() == program);

    public (int ExitCode, string Output, string Error) Pbm(params string[] arguments) => Command.TryRun(
        "nsenter", [$"--net={Net.Path}", Path.Combine(AppContext.BaseDirectory, "pbm"), .. arguments]);

    public void WaitFor(Func<bool> condition, string what)
    {
        Wait.Until(() => condition() || _process!.HasExited, $"{what} on {Site}\n{Story()}", Patience);
        Assert.True(!_process!.HasExited, $"lbd has ended before {what}:\n{Story()}");
    }

    public string Story() => string.Join('\n', _log.TakeLast(40));

    /// <summary>Whether a line of its log has all these words.</summary>
    public bool HasLogged(params string[] words) =>
        _log.Any(line => words.All(word => line.Contains(word, StringComparison.OrdinalIgnoreCase)));

    public void Dispose()
    {
        Api.Dispose();
        if (_process is { } process)
        {
            if (!process.HasExited)
            {
                process.Kill();
                process.WaitForExit();
            }

            process.Dispose();
        }

        string bird = $"/run/lb/{Site}.bird";
        if (Directory.Exists(bird))
        {
            Directory.Delete(bird, recursive: true);
        }
    }
}
