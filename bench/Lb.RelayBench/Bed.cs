using System.Diagnostics;
using System.Globalization;
using Lb.Testing;

namespace Lb.RelayBench;

/// <summary>
/// client ── proxy ── server, each a network namespace of its own, with nginx and iperf3 in the server's. The proxy under
/// test has the last CPU to itself, everything else shares the others. Disposing ends all that runs in it.
/// </summary>
internal sealed class Bed : IDisposable
{
    public const string ProxyAddress = "10.79.1.1";
    public const string ServerAddress = "10.79.2.2";
    public const int HttpPort = 8080;
    public const int BulkPort = 5201;

    private readonly List<TestNamespace> _namespaces = [];

    private Bed()
    {
        Folder = Directory.CreateTempSubdirectory("lb-relaybench-").FullName;
        Client = Add("client");
        Proxy = Add("proxy");
        Server = Add("server");
    }

    /// <summary>Configurations of servers and proxies.</summary>
    public string Folder { get; }

    public TestNamespace Client { get; }

    public TestNamespace Proxy { get; }

    public TestNamespace Server { get; }

    /// <summary>The CPU of the proxies.</summary>
    public static int ProxyCpu => Environment.ProcessorCount - 1;

    /// <summary>The CPUs of everything else.</summary>
    public static string LoadCpus => $"0-{Math.Max(0, ProxyCpu - 1)}";

    public static Bed Make()
    {
        Bed bed = new();
        try
        {
            bed.Build();
            return bed;
        }
        catch
        {
            bed.Dispose();
            throw;
        }
    }

    /// <summary>Connections that a proxy may have: each takes two descriptors.</summary>
    public static int MostConnections { get; } = (DescriptorLimit() - 200) / 2;

    /// <summary>Starts a program in a namespace on some CPUs.</summary>
    public static Process Start(TestNamespace where, string cpus, string file, params IReadOnlyList<string> arguments) =>
        where.Start("taskset", ["-c", cpus, file, .. arguments]);

    /// <summary>Starts a program that creates load.</summary>
    public Process StartLoad(string file, params IReadOnlyList<string> arguments) =>
        Start(Client, LoadCpus, file, arguments);

    /// <summary>Writes a file of the bed and returns its path.</summary>
    public string Write(string name, string content)
    {
        string path = Path.Combine(Folder, name);
        File.WriteAllText(path, content);
        return path;
    }

    public void Dispose()
    {
        foreach (TestNamespace used in _namespaces)
        {
            string pids = Command.TryRun("ip", "netns", "pids", used.Name).Output;
            foreach (string pid in pids.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            {
                Command.TryRun("kill", "-KILL", pid);
            }
        }

        _namespaces.ForEach(used => used.Dispose());
        if (Directory.Exists(Folder))
        {
            Directory.Delete(Folder, recursive: true);
        }
    }

    private TestNamespace Add(string name)
    {
        var added = TestNamespace.Create($"lb-rb-{name}-");
        _namespaces.Add(added);
        added.Run(
            "sysctl", "-qw", "net.ipv4.conf.all.rp_filter=0", "net.ipv4.conf.default.rp_filter=0",
            "net.ipv4.ip_local_port_range=1024 65535", "net.ipv4.tcp_tw_reuse=1",
            "net.core.somaxconn=16384", "net.ipv4.tcp_max_syn_backlog=16384");
        return added;
    }

    private void Build()
    {
        Proxy.Run("sysctl", "-qw", "net.ipv4.ip_forward=1");
        TestNamespace.Connect(Client, "eth0", Proxy, "client0");
        TestNamespace.Connect(Server, "eth0", Proxy, "server0");
        Client.Ip("addr add 10.79.1.2/24 dev eth0");
        Proxy.Ip($"addr add {ProxyAddress}/24 dev client0");
        Proxy.Ip("addr add 10.79.2.1/24 dev server0");
        Server.Ip($"addr add {ServerAddress}/24 dev eth0");
        Client.Ip($"route add default via {ProxyAddress}");
        Server.Ip("route add default via 10.79.2.1");

        // Replies to the client's address go to the proxy's transparent sockets.
        Proxy.Run(
            "nft",
            "table inet bench { chain replies { type filter hook prerouting priority mangle; "
            + "iifname server0 meta l4proto tcp socket transparent 1 meta mark set 1; }; }");
        Proxy.Ip("rule add fwmark 1 lookup 100");
        Proxy.Ip("route add local default dev lo table 100");

        Start(Server, LoadCpus, "nginx", "-e", "stderr", "-c", Write("server.conf", ServerConfig()));
        Start(Server, LoadCpus, "iperf3", "-s", "-p", $"{BulkPort}", "--logfile", "/dev/null");
        Wait.Until(() => Listens(Server, HttpPort) && Listens(Server, BulkPort), "nginx and iperf3 listen");
    }

    /// <summary>Whether something listens on a port of a namespace.</summary>
    public static bool Listens(TestNamespace where, int port) =>
        where.Run("ss", "-Hltn", $"sport = :{port}").Length > 0;

    /// <summary>The runtime has raised it to what is allowed, and children inherit it.</summary>
    private static int DescriptorLimit() => int.Parse(
        File.ReadLines("/proc/self/limits").First(line => line.StartsWith("Max open files", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[3],
        CultureInfo.InvariantCulture);

    private string ServerConfig() => $$"""
        daemon off;
        master_process off;
        pid {{Folder}}/server.pid;
        events { worker_connections 19000; }
        http {
          access_log off;
          keepalive_requests 100000000;
          keepalive_timeout 10m;
          client_header_timeout 10m;
          client_body_temp_path {{Folder}}/body;
          proxy_temp_path {{Folder}}/proxy;
          fastcgi_temp_path {{Folder}}/fastcgi;
          scgi_temp_path {{Folder}}/scgi;
          uwsgi_temp_path {{Folder}}/uwsgi;
          server {
            listen {{HttpPort}} backlog=16384;
            location / { return 200 "ok\n"; }
          }
        }
        """;
}
