using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Lb.Testing;

namespace Lb.Host.Tests.Processes;

/// <summary>Several lbd, each in a network namespace of its own, on one bridge and one database. Nothing is left behind.</summary>
internal sealed class LbdCluster : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly string PbmPath = Path.Combine(AppContext.BaseDirectory, "pbm");
    private static int s_count;

    private readonly TestNamespace _bridge = TestNamespace.Create("lbh-br");
    private readonly string _folder = Directory.CreateTempSubdirectory("lbh-").FullName;
    private readonly List<Node> _nodes = [];
    private readonly bool _six;

    /// <summary>Prepares nodes; those that are to have certificates get them from pbm, as an operator would.</summary>
    public LbdCluster(
        int count, bool six, Func<string, string> database, Func<int, bool>? hasTls = null, Func<int, string>? services = null)
    {
        _six = six;
        _bridge.Ip("link add br0 type bridge");
        _bridge.Ip("link set br0 up");
        for (int i = 0; i < count; i++)
        {
            var net = TestNamespace.Create("lbh-cl");
            TestNamespace.Connect(net, "client0", _bridge, $"port{i}");
            _bridge.Ip($"link set port{i} master br0");
            net.Ip($"addr add {Ip(i)}/{(six ? 64 : 24)} dev client0{(six ? " nodad" : "")}");
            string site = $"lbc-{Environment.ProcessId}-{Interlocked.Increment(ref s_count)}";
            string file = Path.Combine(_folder, $"{site}.conf");
            string tls = hasTls?.Invoke(i) == true ? IssueCertificate(i) : "";
            int number = i;
            _nodes.Add(new Node(net, site, file, text => $$"""
                lb {
                  site = {{site}}
                  interfaces = [client0]
                  kernel { max-services = 16, max-backends = 64, max-flows = 1024 }
                  journal.directory = "{{_folder}}"
                  cluster { host = "{{Ip(number)}}", name = lab, roles = [n{{number}}], {{database(_folder)}} {{tls}} }
                  {{text}}
                }
                """));
            WriteFile(i, services?.Invoke(i) ?? "");
        }
    }

    public string Address(int node) => _six ? $"[{Ip(node)}]:9120" : $"{Ip(node)}:9120";

    public void Start(int node)
    {
        Process process = _nodes[node].Net.Start(LbdProcess.Executable, "--config", _nodes[node].File);
        process.OutputDataReceived += (_, line) => _nodes[node].Log.Enqueue(line.Data ?? "");
        process.ErrorDataReceived += (_, line) => _nodes[node].Log.Enqueue(line.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _nodes[node].Started.Add(process);
    }

    /// <summary>Writes a node's site file anew, with these services and other lines in <c>lb</c>.</summary>
    public void WriteFile(int node, string lines) => File.WriteAllText(_nodes[node].File, _nodes[node].Text(lines));

    /// <summary>The bridge's own namespace, where backends may listen.</summary>
    public TestNamespace Bridge => _bridge;

    /// <summary>The namespace of a node.</summary>
    public TestNamespace Net(int node) => _nodes[node].Net;

    /// <summary>Starts all and waits until each sees all.</summary>
    public void StartAll()
    {
        int[] all = [.. Enumerable.Range(0, _nodes.Count)];
        foreach (int node in all)
        {
            Start(node);
        }

        foreach (int node in all)
        {
            Until(node, () => IsUp(node, all), $"node {node} sees all");
        }
    }

    /// <summary>Makes a node's certificate, or another in its place, and returns the keys that name it.</summary>
    public string IssueCertificate(int node, int days = 365)
    {
        string authority = Path.Combine(_folder, "ca");
        if (!Directory.Exists(authority))
        {
            Run("cluster", "cert", "ca", "--name", "lab", "--out", authority);
        }

        string folder = Path.Combine(_folder, $"tls{node}");
        Run("cluster", "cert", "node", "--ca", authority, "--host", Ip(node), "--out", folder, "--force", "--days", $"{days}");
        return $$""", tls { ca = "{{folder}}/ca.pem", certificate = "{{folder}}/node.pem", key = "{{folder}}/node-key.pem" }""";

        static void Run(params string[] arguments) => Command.Run(PbmPath, arguments);
    }

    /// <summary>Whether a node has logged a text.</summary>
    public bool HasLogged(int node, string text) =>
        _nodes[node].Log.Any(line => line.Contains(text, StringComparison.Ordinal));

    public void Signal(int node, string name) => Command.Run("kill", $"-{name}", $"{_nodes[node].Started[^1].Id}");

    public void WaitForEnd(int node) => Assert.True(_nodes[node].Started[^1].WaitForExit(Patience), Tail(node));

    /// <summary>Takes a node's cable out, or puts it back.</summary>
    public void Cable(int node, bool inside) => _bridge.Ip($"link set port{node} {(inside ? "up" : "down")}");

    /// <summary>What <c>pbm cluster show</c> says of a node's address; undefined when it knows of none.</summary>
    public JsonElement Member(int asked, int node) => Show(asked) is { ValueKind: JsonValueKind.Object } shown
        ? shown.GetProperty("nodes").EnumerateArray()
            .FirstOrDefault(member => member.GetProperty("address").GetString() == Address(node))
        : default;

    /// <summary>What <c>pbm cluster show</c> says; undefined while the node does not answer.</summary>
    public JsonElement Show(int node)
    {
        (int exit, string output, _) = Pbm(node, "--output", "json", "cluster", "show");
        return exit == 0 ? JsonDocument.Parse(output).RootElement : default;
    }

    public (int ExitCode, string Output, string Error) Pbm(int node, params string[] arguments) => Command.TryRun(
        "nsenter", [$"--net={_nodes[node].Net.Path}", PbmPath, .. arguments]);

    public void Until(int node, Func<bool> condition, string what) =>
        Wait.Until(condition, () => $"{what}\n{Tail(node)}", Patience);

    public bool IsUp(int asked, params int[] nodes) =>
        Show(asked) is { ValueKind: JsonValueKind.Object } shown
        && shown.GetProperty("nodes").GetArrayLength() == nodes.Length
        && !shown.GetProperty("stale").GetBoolean()
        && nodes.All(node => Member(asked, node) is { ValueKind: JsonValueKind.Object } member
            && member.GetProperty("state").GetString() == "up" && member.GetProperty("reachable").GetBoolean());

    public void Dispose()
    {
        foreach (Node node in _nodes)
        {
            foreach (Process process in node.Started)
            {
                if (!process.HasExited)
                {
                    process.Kill();
                    process.WaitForExit();
                }

                process.Dispose();
            }

            Command.TryRun(
                "nsenter", [$"--net={node.Net.Path}", LbdProcess.Executable, "--config", node.File, "--cleanup"]);
            File.Delete($"/run/lb/{node.Site}.lock");
            node.Net.Dispose();
        }

        _bridge.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private string Ip(int node) => _six ? $"fd00:77::{node + 1}" : $"10.77.2.{node + 1}";

    private string Tail(int node) => string.Join('\n', _nodes[node].Log.TakeLast(30));

    private sealed record Node(TestNamespace Net, string Site, string File, Func<string, string> Text)
    {
        public List<Process> Started { get; } = [];

        public ConcurrentQueue<string> Log { get; } = new();
    }
}
