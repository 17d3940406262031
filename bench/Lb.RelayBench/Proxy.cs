using System.Diagnostics;
using Lb.Testing;

namespace Lb.RelayBench;

/// <summary>A proxy under test: one process on one CPU, with a port for each way that it is used.</summary>
internal sealed class Proxy : IDisposable
{
    public const string Lb = "lb";
    public const string Sockmap = "lb-sockmap";
    public const string HAProxy = "haproxy";
    public const string Nginx = "nginx";
    public const string HAProxySplice = "haproxy-splice";
    private const int HttpFromNode = 0;
    private const int HttpFromClient = 1;
    private const int BulkFromNode = 2;
    private const int BulkFromClient = 3;

    private readonly Process _process;
    private readonly int _firstPort;

    private Proxy(string name, int firstPort, Process process)
    {
        Name = name;
        _firstPort = firstPort;
        _process = process;
    }

    public string Name { get; }

    public int Id => _process.Id;

    /// <summary>Starts a proxy and waits until it listens.</summary>
    public static Proxy Start(Bed bed, string name)
    {
        string self = Environment.ProcessPath ?? throw new InvalidOperationException("This program has no path.");
        (int port, string file, string[] arguments) = name switch
        {
            Lb => (8100, self, new[] { RelayServer.Role, "8100" }),
            Sockmap => (8500, self, [RelayServer.Role, "8500", Sockmap]),
            HAProxy => (8200, "haproxy", ["-db", "-f", bed.Write("haproxy.conf", HAProxyConfig(8200, splices: false))]),
            Nginx => (8300, "nginx", ["-e", "stderr", "-c", bed.Write("nginx.conf", NginxConfig(bed, 8300))]),
            HAProxySplice => (8400, "haproxy", ["-db", "-f", bed.Write("splice.conf", HAProxyConfig(8400, splices: true))]),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "There is no such proxy."),
        };
        Proxy started = new(name, port, Bed.Start(bed.Proxy, $"{Bed.ProxyCpu}", file, arguments));
        Wait.Until(() => Bed.Listens(bed.Proxy, port + BulkFromClient), $"{name} listens", Bed.StartTime);
        return started;
    }

    /// <summary>The port that leads to the web server.</summary>
    public int Http(string source) => _firstPort + (source == "client" ? HttpFromClient : HttpFromNode);

    /// <summary>The port that leads to the server of bulk.</summary>
    public int Bulk(string source) => _firstPort + (source == "client" ? BulkFromClient : BulkFromNode);

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    /// <summary>Where each port leads, from which source.</summary>
    public static IEnumerable<(int Port, int Target, bool FromClient)> Ways(int firstPort) =>
    [
        (firstPort + HttpFromNode, Bed.HttpPort, false),
        (firstPort + HttpFromClient, Bed.HttpPort, true),
        (firstPort + BulkFromNode, Bed.BulkPort, false),
        (firstPort + BulkFromClient, Bed.BulkPort, true),
    ];

    private static string HAProxyConfig(int firstPort, bool splices) =>
        $"""
        global
          nbthread 1
          maxconn {(splices ? Bed.MostConnections / 2 : Bed.MostConnections)}
        defaults
          mode tcp
          timeout connect 5s
          timeout client 10m
          timeout server 10m
          {(splices ? "option splice-auto" : "")}

        """ + string.Concat(Ways(firstPort).Select(way =>
            $"""
            listen p{way.Port}
              bind {Bed.ProxyAddress}:{way.Port} backlog 16384
              {(way.FromClient ? "source 0.0.0.0 usesrc clientip" : "")}
              server s {Bed.ServerAddress}:{way.Target}

            """));

    private static string NginxConfig(Bed bed, int firstPort) =>
        $$"""
        load_module /usr/lib/nginx/modules/ngx_stream_module.so;
        daemon off;
        master_process off;
        user root;
        pid {{bed.Folder}}/nginx.pid;
        events { worker_connections {{(2 * Bed.MostConnections) + 64}}; }
        stream {
          access_log off;
          proxy_timeout 10m;
          tcp_nodelay on;

        """ + string.Concat(Ways(firstPort).Select(way =>
            $"  server {{ listen {Bed.ProxyAddress}:{way.Port} backlog=16384; "
            + $"proxy_pass {Bed.ServerAddress}:{way.Target}; "
            + (way.FromClient ? "proxy_bind $remote_addr transparent; }\n" : "}\n"))) + "}\n";
}
