using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Lb.Testing;

namespace Lb.ClusterBench;

/// <summary>
/// A node alone, or several with certificates and PostgreSQL, on one bridge. The backends are addresses and ports of the bridge's host,
/// all answered by one listener. Nothing is left behind.
/// </summary>
internal sealed class Bed : IDisposable
{
    private const int FirstPort = 10_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(600);

    private readonly string _folder = Directory.CreateTempSubdirectory("lb-cluster-").FullName;
    private readonly TestNamespace _bridge = TestNamespace.Create("lb-cb-br");
    private readonly List<ClusterNodeProcess> _nodes = [];
    private readonly CancellationTokenSource _end = new();
    private readonly Options _options;
    private readonly TimeSpan _start;

    public Bed(Options options, string? database)
    {
        _options = options;
        try
        {
            _bridge.Ip("link add br0 type bridge");
            _bridge.Ip("link set br0 up");
            Serve();
            Command.Run(Pbm, "cluster", "cert", "ca", "--name", "bench", "--out", Path.Combine(_folder, "ca"));
            for (int i = 0; i < options.Nodes; i++)
            {
                _nodes.Add(Start(i, database));
            }

            long started = Stopwatch.GetTimestamp();
            Wait.Until(
                () => _nodes.TrueForAll(IsReady), "each node has all tables, of backends that are up, and all have the same", Patience);
            _start = Stopwatch.GetElapsedTime(started);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public IReadOnlyList<ClusterNodeProcess> Nodes => _nodes;

    /// <summary>Says what it took until everything was in all kernels, and how much memory that is.</summary>
    public void PrintStart()
    {
        foreach (ClusterNodeProcess node in _nodes)
        {
            JsonElement told = default;
            Wait.Until(() => (told = node.Ask("kernel", "maps")).ValueKind == JsonValueKind.Object, "the node describes its maps", Patience);
            double maps = told.GetProperty("maps").EnumerateArray().Sum(map => map.GetProperty("bytes").GetDouble());
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{"start until all tables are in the kernel",-44} {_start.TotalSeconds:0.0} s, {node.Processor():0.0} s of processor, {node.Memory():N0} MB, maps {maps / (1 << 20):N0} MB"));
        }
    }

    private static string Pbm => Path.Combine(AppContext.BaseDirectory, "pbm");

    /// <summary>A backend refuses connections from now on, or takes them.</summary>
    public void Serve(int service, int backend, bool serves)
    {
        string element = $"{{ {AddressOf(backend)} . {FirstPort + service} }}";
        _bridge.Run("nft", $"{(serves ? "delete" : "add")} element inet bench dead {element}");
    }

    /// <summary>Name of a service.</summary>
    public static string NameOf(int service) => $"s{service}";

    public void Dispose()
    {
        _end.Cancel();
        _nodes.ForEach(node => node.Dispose());
        _bridge.Dispose();
        Directory.Delete(_folder, recursive: true);
        _end.Dispose();
    }

    private string Check =>
        $"check = tcp, interval = {_options.Interval}ms, timeout = {_options.Interval / 2}ms, rise = 1, fall = 2";

    private static string AddressOf(int backend) => $"10.77.1.{backend + 1}";

    private bool IsReady(ClusterNodeProcess node) => node.Answers("/health/ready") && (_nodes.Count == 1 || Agrees(node));

    private bool Agrees(ClusterNodeProcess node) =>
        node.Ask("cluster", "health") is { ValueKind: JsonValueKind.Object } health
        && health.GetProperty("services").GetArrayLength() == _options.Services
        && health.GetProperty("services").EnumerateArray().All(service =>
            service.GetProperty("backends").EnumerateArray().All(backend => backend.GetProperty("agreed").GetString() == "up"))
        && node.Pbm("cluster", "tables").ExitCode == 0;

    private void Serve()
    {
        _bridge.Ip("addr add 10.77.0.254/16 dev br0");
        for (int backend = 0; backend < _options.Backends; backend++)
        {
            _bridge.Ip($"addr add {AddressOf(backend)}/32 dev br0");
        }

        string ports = $"{FirstPort}-{FirstPort + _options.Services}";
        _bridge.Run("nft", "add table inet bench");
        _bridge.Run("nft", "add set inet bench dead { type ipv4_addr . inet_service; }");
        _bridge.Run("nft", "add chain inet bench alive { type filter hook prerouting priority -200; }");
        _bridge.Run("nft", "add rule inet bench alive ip daddr . tcp dport @dead reject with tcp reset");
        _bridge.Run("nft", "add chain inet bench to { type nat hook prerouting priority -100; }");
        _bridge.Run("nft", $"add rule inet bench to ip daddr 10.77.1.0/24 tcp dport {ports} redirect to :80");
        TcpListener listener = _bridge.Invoke(() =>
        {
            TcpListener any = new(IPAddress.Any, 80);
            any.Start(backlog: 4096);
            return any;
        });
        _ = AnswerAsync(listener, _end.Token);
    }

    private static async Task AnswerAsync(TcpListener listener, CancellationToken stop)
    {
        using (listener)
        {
            try
            {
                while (true)
                {
                    (await listener.AcceptSocketAsync(stop)).Dispose();
                }
            }
            catch (OperationCanceledException)
            {
                // The bed ends.
            }
        }
    }

    private ClusterNodeProcess Start(int number, string? database)
    {
        TestNamespace net = TestNamespace.Create("lb-cb-n");
        TestNamespace.Connect(net, "client0", _bridge, $"port{number}");
        _bridge.Ip($"link set port{number} master br0");
        string address = $"10.77.0.{number + 1}";
        net.Ip($"addr add {address}/16 dev client0");
        string site = string.Create(CultureInfo.InvariantCulture, $"lbcb-{Environment.ProcessId:x}-{number}");
        string file = Path.Combine(_folder, $"{site}.conf");
        File.WriteAllText(file, $$"""
            lb {
              site = {{site}}
              interfaces = [client0]
              kernel { max-services = 1024, max-backends = 262144, max-flows = 65536 }
              journal.directory = "{{_folder}}"
              log { format = json, level = debug }
              {{(database is null ? "" : Cluster(number, address, database))}}
              services {
            {{Services()}}
              }
            }
            """);
        return new ClusterNodeProcess(net, site, address, file);
    }

    private string Cluster(int number, string address, string database)
    {
        string tls = Path.Combine(_folder, $"tls{number}");
        Command.Run(Pbm, "cluster", "cert", "node", "--ca", Path.Combine(_folder, "ca"), "--host", address, "--out", tls);
        return $$"""
            cluster {
              host = "{{address}}", name = bench, provider = postgresql, connection-string = "{{database}}"
              tls { ca = "{{tls}}/ca.pem", certificate = "{{tls}}/node.pem", key = "{{tls}}/node-key.pem" }
            }
            """;
    }

    private string Services()
    {
        StringBuilder text = new();
        for (int service = 0; service < _options.Services; service++)
        {
            int port = FirstPort + service;
            text.AppendLine(CultureInfo.InvariantCulture, $$"""
                {{NameOf(service)}} {
                  vip = "198.51.100.1", port = {{port}}, mode = dsr-ipip
                  health { {{(_options.Interval == 0 ? "check = none" : Check)}} }
                  backends {
                """);
            for (int backend = 0; backend < _options.Backends; backend++)
            {
                text.AppendLine(CultureInfo.InvariantCulture, $$"""b{{backend}} { address = "{{AddressOf(backend)}}", port = {{port}} }""");
            }

            text.AppendLine("} }");
        }

        return text.ToString();
    }
}
