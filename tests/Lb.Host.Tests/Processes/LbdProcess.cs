using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Lb.Testing;

namespace Lb.Host.Tests.Processes;

/// <summary>lbd in a network namespace of its own, with a site of its own. Nothing of it is left behind.</summary>
internal sealed class LbdProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static int s_count;

    private readonly TestNamespace _node = TestNamespace.Create("lbh-lb");
    private readonly TestNamespace _peer = TestNamespace.Create("lbh-peer");
    private readonly string _folder = Directory.CreateTempSubdirectory("lbh-").FullName;
    private readonly List<Process> _started = [];
    private readonly ConcurrentQueue<string> _log = new();

    public LbdProcess()
    {
        TestNamespace.Connect(_node, "client0", _peer, "eth0");
        _node.Ip("addr add 10.77.1.1/24 dev client0");
        _peer.Ip("addr add 10.77.1.9/24 dev eth0");
    }

    public static string Executable { get; } = Path.Combine(AppContext.BaseDirectory, "lbd");

    public string Site { get; } = $"lbh-{Environment.ProcessId}-{Interlocked.Increment(ref s_count)}";

    /// <summary>Where its files are; it goes with it.</summary>
    public string Folder => _folder;

    public string ConfigFile => Path.Combine(_folder, "site.conf");

    /// <summary>The file of the site's journal.</summary>
    public string Database => Path.Combine(_folder, $"{Site}.db");

    public string Pins => $"/sys/fs/bpf/lb/{Site}";

    public IReadOnlyCollection<string> Log => _log;

    private Process Current => _started[^1];

    /// <summary>Writes a site file with these lines in <c>lb</c>.</summary>
    public void Configure(string lines, string interfaces = "client0") => File.WriteAllText(ConfigFile, $$"""
        lb {
          site = {{Site}}
          interfaces = [{{interfaces}}]
          kernel { max-services = 16, max-backends = 64, max-flows = 1024 }
          journal.directory = "{{_folder}}"
          service-defaults.health.check = none
          {{lines}}
        }
        """);

    /// <summary>Starts lbd and waits for its line that says ready.</summary>
    public void Start()
    {
        _log.Clear();
        Launch();
        WaitForLog("ready: site");
    }

    public void Launch()
    {
        Process process = _node.Start(Executable, "--config", ConfigFile);
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _started.Add(process);
    }

    /// <summary>Runs lbd to its end.</summary>
    public (int ExitCode, string Output, string Error) Run(params string[] arguments) =>
        Command.TryRun("nsenter", [$"--net={_node.Path}", Executable, "--config", ConfigFile, .. arguments]);

    /// <summary>Runs another program of ours in lbd's namespace to its end.</summary>
    public (int ExitCode, string Output, string Error) RunBeside(string program, params string[] arguments) =>
        RunIn(_node, program, arguments);

    /// <summary>Runs another program of ours on the host next to lbd's, 10.77.1.9, to its end.</summary>
    public (int ExitCode, string Output, string Error) RunElsewhere(string program, params string[] arguments) =>
        RunIn(_peer, program, arguments);

    /// <summary>Runs any program in lbd's namespace to its end.</summary>
    public (int ExitCode, string Output, string Error) RunInNamespace(string program, params string[] arguments) =>
        Command.TryRun("nsenter", [$"--net={_node.Path}", program, .. arguments]);

    /// <summary>Starts another program of ours in lbd's namespace; its output is the caller's to read.</summary>
    public Process StartBeside(string program, params string[] arguments)
    {
        Process process = _node.Start(Path.Combine(AppContext.BaseDirectory, program), arguments);
        _started.Insert(0, process);
        return process;
    }

    public void Signal(string name) => Command.Run("kill", $"-{name}", $"{Current.Id}");

    /// <summary>Waits for the end; the exit code.</summary>
    public int WaitForEnd()
    {
        Assert.True(Current.WaitForExit(Patience), $"lbd did not end:\n{Tail()}");

        // What was still in the pipes.
        Current.WaitForExit();
        return Current.ExitCode;
    }

    public void WaitForLog(string text) => Wait.Until(
        () => _log.Any(l => l.Contains(text)) || (Current.HasExited && Fail($"lbd ended before '{text}'")),
        $"'{text}' in the log:\n{Tail()}",
        Patience);

    /// <summary>What the API answers, with the status that was expected.</summary>
    public JsonElement Get(string path, int status = 200) => JsonDocument.Parse(GetText(path, status)).RootElement;

    /// <summary>The same, as text.</summary>
    public string GetText(string path, int status = 200)
    {
        string answer = _node.Run("curl", "-s", "-m", "10", "-w", "\n%{http_code}", $"http://127.0.0.1:9110{path}");
        int end = answer.LastIndexOf('\n');
        Assert.Equal($"{status}", answer[(end + 1)..]);
        return answer[..end];
    }

    /// <summary>Whether a program is on the interface.</summary>
    public bool IsAttached() => _node.Ip("link show dev client0").Contains("xdp");

    /// <summary>Takes the port of the API.</summary>
    public IDisposable TakePort() => _node.Invoke(() =>
    {
        var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 9110);
        listener.Start();
        return listener;
    });

    public void Dispose()
    {
        foreach (Process process in _started)
        {
            if (!process.HasExited)
            {
                process.Kill();
                process.WaitForExit();
            }

            process.Dispose();
        }

        if (Directory.Exists(Pins))
        {
            Configure("");
            Run("--cleanup");
        }

        File.Delete($"/run/lb/{Site}.lock");
        _node.Dispose();
        _peer.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static (int ExitCode, string Output, string Error) RunIn(
        TestNamespace host, string program, string[] arguments) =>
        Command.TryRun("nsenter", [$"--net={host.Path}", Path.Combine(AppContext.BaseDirectory, program), .. arguments]);

    private bool Fail(string what) => throw new InvalidOperationException($"{what}:\n{Tail()}");

    private string Tail() => string.Join('\n', _log.TakeLast(20));

    private void Keep(string? line)
    {
        if (line is not null)
        {
            _log.Enqueue(line);
        }
    }
}
