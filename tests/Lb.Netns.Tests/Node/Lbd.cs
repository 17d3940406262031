using System.Collections.Concurrent;
using System.Diagnostics;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.Node;

/// <summary>A running lbd in the lb namespace of a topology.</summary>
internal sealed class Lbd : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Topology _topology;
    private readonly Process _first;
    private Process _process;
    private readonly ConcurrentQueue<string> _log = new();

    private Lbd(Topology topology, SiteSpec site, IEnumerable<string> through)
    {
        _topology = topology;
        Site = site;
        WriteConfig(site.ToHocon());
        string[] command = [.. through, Executable, "--config", ConfigFile];
        _first = topology.Lb.Start(command[0], command[1..]);
        _process = _first;
        _first.OutputDataReceived += (_, line) => Keep(line.Data);
        _first.ErrorDataReceived += (_, line) => Keep(line.Data);
        _first.BeginOutputReadLine();
        _first.BeginErrorReadLine();
        Api = new AdminApi(topology.Lb);
    }

    /// <summary>The program as it was built.</summary>
    public static string Executable { get; } = Path.Combine(AppContext.BaseDirectory, "lbd");

    /// <summary>Id of the process.</summary>
    public int Id => _process.Id;

    /// <summary>The configuration it was last told.</summary>
    public SiteSpec Site { get; private set; }

    /// <summary>Its HTTP API.</summary>
    public AdminApi Api { get; }

    /// <summary>For failures: its verdicts on packets and the last lines that it logged.</summary>
    public string Story()
    {
        NodeAnswer? node = IsRunning ? Api.TryNode() : null;
        IEnumerable<string> verdicts = node?.Verdicts.Select(v => $"{v.Key}={v.Value.Packets}") ?? [];
        return string.Join('\n', [$"verdicts: {string.Join(' ', verdicts)}", "log:", .. _log.TakeLast(30)]);
    }

    /// <summary>Whether the process runs.</summary>
    public bool IsRunning => !_process.HasExited;

    private string ConfigFile => ConfigFileOf(_topology);

    /// <summary>Starts lbd and waits until all enabled backends are up and in the table.</summary>
    /// <param name="topology">Where.</param>
    /// <param name="site">The configuration.</param>
    /// <param name="through">A command that becomes lbd, with its options.</param>
    public static Lbd Start(Topology topology, SiteSpec site, params IEnumerable<string> through)
    {
        Lbd lbd = Launch(topology, site, through);
        lbd.WaitFor(lbd.SiteIsInForce, "the site is in force");
        return lbd;
    }

    /// <summary>Runs pbm beside it to its end.</summary>
    public (int ExitCode, string Output, string Error) Pbm(params string[] arguments) => Command.TryRun(
        "nsenter", [$"--net={_topology.Lb.Path}", Path.Combine(AppContext.BaseDirectory, "pbm"), .. arguments]);

    /// <summary>Starts lbd and waits for nothing.</summary>
    public static Lbd Launch(Topology topology, SiteSpec site, params IEnumerable<string> through) =>
        topology.Own(new Lbd(topology, site, through));

    /// <summary>Runs lbd to its end with some arguments, on a configuration as text.</summary>
    public static (int ExitCode, string Output, string Error) Run(Topology topology, string hocon, params string[] arguments) =>
        RunThrough(topology, [], hocon, arguments);

    /// <summary>The same with a command that runs it, as <c>prlimit</c> with its options.</summary>
    public static (int ExitCode, string Output, string Error) RunThrough(
        Topology topology, IEnumerable<string> command, string hocon, params string[] arguments)
    {
        string file = Path.Combine(topology.Folder, "other.conf");
        File.WriteAllText(file, hocon);
        return Command.TryRun(
            "nsenter", [$"--net={topology.Lb.Path}", .. command, Executable, "--config", file, .. arguments]);
    }

    /// <summary>Writes a changed configuration, signals SIGHUP and waits until it is in force.</summary>
    public void Reload(SiteSpec site)
    {
        int before = LogLines("Reload done").Count;
        Site = site;
        ReloadText(site.ToHocon());
        WaitFor(
            () => LogLines("Reload done").Count > before && SiteIsInForce(),
            "the reload is applied, the site is in force");
    }

    /// <summary>Writes any text as configuration and signals SIGHUP.</summary>
    public void ReloadText(string hocon)
    {
        WriteText(hocon);
        Signal("HUP");
    }

    /// <summary>Writes any text as configuration.</summary>
    public void WriteText(string hocon) => WriteConfig(hocon);

    /// <summary>Signals SIGUSR2 and waits until another process has taken over; its log goes where the first one's does.</summary>
    public void HandOver()
    {
        int before = LogLines("was started to take the place").Count;
        int ready = LogLines("ready: site").Count;
        Signal("USR2");
        WaitFor(() => LogLines("was started to take the place").Count > before, "a successor was started");
        string line = LogLines("was started to take the place")[before];
        int id = int.Parse(
            line.Split("process ")[1].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
        Process next = Process.GetProcessById(id);
        Wait.Until(() => _process.HasExited || next.HasExited, "one of the two processes ends", Patience);
        if (next.HasExited)
        {
            throw new InvalidOperationException($"The successor has ended:\n{Story()}");
        }

        _process = next;
        WaitFor(() => LogLines("ready: site").Count > ready, "the next process is ready");
    }

    /// <summary>Signals SIGTERM and waits for the end.</summary>
    /// <returns>The exit code.</returns>
    public int Stop() => End("TERM");

    /// <summary>Signals SIGKILL and waits for the end.</summary>
    public void Kill() => End("KILL");

    /// <summary>Waits for a condition; a failure shows the end of the log.</summary>
    public void WaitFor(Func<bool> condition, string what, TimeSpan? within = null)
    {
        try
        {
            Wait.Until(() => condition() || _process.HasExited, what, within ?? Patience);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{e.Message}\n{Story()}", e);
        }

        if (_process.HasExited && !condition())
        {
            throw new InvalidOperationException($"lbd ended ({HowItEnded}) before {what}:\n{Story()}");
        }
    }

    /// <summary>Lines of the log that have all these words.</summary>
    public IReadOnlyList<string> LogLines(params string[] words) =>
        [.. _log.Where(l => words.All(w => l.Contains(w, StringComparison.OrdinalIgnoreCase)))];

    /// <summary>Whether all that it was told is in force.</summary>
    public bool Serves() => SiteIsInForce();

    /// <summary>Waits until some line of the log has all these words.</summary>
    public void WaitForLog(params string[] words) =>
        WaitFor(() => LogLines(words).Count > 0, $"a log line with '{string.Join("', '", words)}'");

    /// <summary>Ends it the orderly way where it still runs, by force where that takes too long.</summary>
    public void Dispose()
    {
        if (IsRunning)
        {
            Signal("TERM");
            if (!_process.WaitForExit(Patience))
            {
                _process.Kill();
                _process.WaitForExit();
            }
        }

        Api.Dispose();
        _process.Dispose();
        _first.Dispose();
    }

    /// <summary>Of a process that another one has started the exit code is not known.</summary>
    private string HowItEnded => ReferenceEquals(_process, _first) ? $"exit code {_first.ExitCode}" : "a successor";

    private static string ConfigFileOf(Topology topology) => Path.Combine(topology.Folder, "site.conf");

    /// <summary>Enabled backends are up, and the tables in the kernel have those that take new flows and no others.</summary>
    private bool SiteIsInForce() =>
        Api.TryServices() is { } now
        && Site.Services.All(wanted => now.Services.Any(
            s => s.Name == wanted.Name
                && s.InKernel
                && (wanted.Mode != "tproxy" || IsRelayed(s))
                && wanted.Backends.All(b => IsInForce(b, s.Backends))));

    /// <summary>Its relay has listened, and packets come to it.</summary>
    private bool IsRelayed(ServiceAnswer service) =>
        service.Relay?.Interception is not null && LogLines($"Service {service.Name}: its relay listens").Count > 0;

    private static bool IsInForce(BackendSpec wanted, IReadOnlyList<BackendAnswer> backends)
    {
        bool enabled = wanted.Admin == "enabled";
        return backends.FirstOrDefault(b => b.Name == wanted.Name) is { } have
            && (!enabled || have.State == "up")
            && have.Slots > 0 == (enabled && wanted.Weight > 0);
    }

    private int End(string signal)
    {
        Signal(signal);
        WaitFor(() => !IsRunning, $"lbd ends after SIG{signal}");
        // Of a process that somebody else has started the exit code is not known.
        int code = ReferenceEquals(_process, _first) ? _process.ExitCode : 0;
        if (signal == "TERM" && code != 0)
        {
            throw new InvalidOperationException($"lbd ended with exit code {code} after SIGTERM:\n{Story()}");
        }

        return code;
    }

    /// <summary>Sends a signal.</summary>
    public void Signal(string name) => Command.Run("kill", $"-{name}", $"{_process.Id}");

    private void WriteConfig(string hocon) =>
        File.WriteAllText(ConfigFile, $"{hocon}\nlb.journal.directory = \"{_topology.Folder}\"\n");

    private void Keep(string? line)
    {
        if (line is not null)
        {
            _log.Enqueue(line);
        }
    }
}
