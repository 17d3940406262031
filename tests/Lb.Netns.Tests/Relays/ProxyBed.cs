using System.Net;
using Lb.Netns.Tests.Node;
using Lb.Netns.Tests.Servers;
using Lb.Netns.Tests.Topologies;

namespace Lb.Netns.Tests.Relays;

/// <summary>A proxy in front of Lb, in the client's namespace, and servers behind that take headers.</summary>
internal static class ProxyBed
{
    /// <summary>Where the proxy in front listens.</summary>
    public const int FrontPort = 8081;

    /// <summary>Clients of the proxy: their addresses are its neighbours, and none of Lb's.</summary>
    public static readonly IPAddress Far4 = IPAddress.Parse("198.51.100.7");

    public static readonly IPAddress Far6 = IPAddress.Parse("2001:db8:99::7");

    public static IPAddress Far(bool six) => six ? Far6 : Far4;

    /// <summary>A topology whose client has the far addresses too.</summary>
    public static Topology Topology(int backends)
    {
        Topology topology = Topologies.Topology.WithBackends(backends);
        topology.Client.Ip($"addr add {Far4}/32 dev lo");
        topology.Client.Ip($"addr add {Far6}/128 dev lo nodad");
        return topology;
    }

    /// <summary>Starts a proxy in front that sends headers.</summary>
    public static void StartFront(Topology topology, string kind, Route route, bool sixInFront)
    {
        string listen = $"{Host(Addresses.ClientOf(sixInFront ? Far6.AddressFamily : Far4.AddressFamily))}:{FrontPort}";
        if (kind == "nginx")
        {
            Nginx.Start(
                topology,
                topology.Client,
                "front",
                $"stream {{ server {{ listen {listen}; proxy_pass {route.EndPoint}; proxy_protocol on; }} }}",
                FrontPort);
            return;
        }

        HaProxy.Start(
            topology,
            topology.Client,
            "front",
            $"""
            listen front
              bind {listen}
              unique-id-format %[src]-%pid
              server lb {route.EndPoint} {kind}
            """,
            FrontPort);
    }

    /// <summary>A backend that takes headers and says what they tell.</summary>
    public static void StartBack(Topology topology, string kind, Backend backend)
    {
        if (kind == "nginx")
        {
            Nginx.Start(
                topology,
                backend.Namespace,
                backend.Name,
                Nginx.Http(topology, backend.Name, $$"""
                    server {
                      listen {{Addresses.ServerPort}} proxy_protocol;
                      listen [::]:{{Addresses.ServerPort}} proxy_protocol ipv6only=on;
                      location / { return 200 "$proxy_protocol_addr $proxy_protocol_server_addr $proxy_protocol_server_port\n"; }
                    }
                    """),
                Addresses.ServerPort);
            return;
        }

        HaProxy.Start(
            topology,
            backend.Namespace,
            backend.Name,
            $"""
            frontend back
              mode http
              bind 0.0.0.0:{Addresses.ServerPort} accept-proxy
              bind [::]:{Addresses.ServerPort} v6only accept-proxy
              http-request return status 200 content-type text/plain lf-string "%[src] %[dst] %[dst_port]{Tlvs(kind)}\n"
            """,
            Addresses.ServerPort);
    }

    /// <summary>What a client of the proxy in front gets.</summary>
    public static string AskFront(Topology topology, bool six) => topology.Client.Run(
        "curl", "-sSf", "-m", "5", "--interface", $"{Far(six)}", $"http://{Front(six)}/");

    /// <summary>Where a client of the proxy in front connects.</summary>
    public static IPEndPoint Front(bool six) => new(Addresses.ClientOf(Far(six).AddressFamily), FrontPort);

    /// <summary>A site that takes headers from the proxy in front.</summary>
    public static SiteSpec Accepting(Topology topology, Route route, string accept, string others = "") =>
        route.TcpSite(topology, topology.Backends.Count).With(
            $$"""proxy-protocol { accept = {{accept}}, trusted = ["10.77.1.2/32", "fd77:1::2/128"] }, {{others}}""");

    private static string Tlvs(string kind) =>
        kind == "haproxy-tlvs" ? " %[fc_pp_authority] %[fc_pp_unique_id]" : "";

    private static string Host(IPAddress address) => new IPEndPoint(address, 0).ToString()[..^2];
}
