using System.Net;
using Lb.Netns.Tests.Servers;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.Announce;

/// <summary>
/// Several nodes between two networks, each a bridge in a namespace: clients on one, backends on the other. The nodes are a
/// cluster and have the same services.
/// </summary>
internal class AnnounceBed : IDisposable
{
    /// <summary>Larger than the client side's, so that encapsulation has room.</summary>
    private const int BackMtu = 1600;

    private static int s_count;

    private readonly List<TestNamespace> _namespaces = [];
    private readonly List<AnnounceNode> _nodes = [];
    private readonly List<EchoServer> _servers = [];
    private readonly string _name = $"vip-{Environment.ProcessId:x}-{Interlocked.Increment(ref s_count)}";

    protected AnnounceBed(IReadOnlyList<IPAddress> dsrVips, string gateway4, string gateway6)
    {
        Folder = Directory.CreateTempSubdirectory("lb-vip-").FullName;
        Front = AddSwitch("front", 1500);
        Back = AddSwitch("back", BackMtu);
        Client = AddNamespace("client");
        for (int number = 1; number <= 2; number++)
        {
            AddBackend(number, dsrVips, gateway4, gateway6);
        }
    }

    public string Folder { get; }

    public TestNamespace Client { get; }

    public IReadOnlyList<AnnounceNode> Nodes => _nodes;

    /// <summary>Where clients' packets arrive at nodes.</summary>
    protected TestNamespace Front { get; }

    /// <summary>Where backends are.</summary>
    protected TestNamespace Back { get; }

    public void Dispose()
    {
        _nodes.ForEach(node => node.Dispose());
        _servers.ForEach(server => server.Dispose());
        EndOthers();
        _namespaces.ForEach(n => n.Dispose());
        _nodes.ForEach(node => Pins.Remove(node.Site));
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends what a kind of bed has started.</summary>
    protected virtual void EndOthers()
    {
    }

    /// <summary>Starts the nodes and waits until each says that all are up.</summary>
    protected void StartNodes(int count, Func<string> announce, Func<string> services)
    {
        try
        {
            Start(count, announce, services);
        }
        catch
        {
            // A bed that was not made has nobody else who would.
            Dispose();
            throw;
        }
    }

    private void Start(int count, Func<string> announce, Func<string> services)
    {
        for (int number = 1; number <= count; number++)
        {
            _nodes.Add(AddNode(number, announce(), services()));
        }

        _nodes.ForEach(node => node.Start());
        _nodes.ForEach(node => node.WaitFor(() => node.Sees(count), "each node sees all"));
    }

    protected TestNamespace AddNamespace(string name)
    {
        var added = TestNamespace.Create($"lb-{name}-");
        _namespaces.Add(added);
        added.Run(
            "sysctl", "-qw", "net.ipv4.conf.all.rp_filter=0", "net.ipv4.conf.default.rp_filter=0",
            "net.ipv6.conf.default.accept_dad=0", "net.ipv6.conf.default.accept_ra=0");
        return added;
    }

    protected static void AddAddresses(TestNamespace host, string device, string v4, string v6)
    {
        host.Ip($"addr add {v4} dev {device}");
        host.Ip($"addr add {v6} dev {device} nodad");
    }

    protected static void AddGateways(TestNamespace host, string v4, string v6)
    {
        host.Ip($"route add default via {v4}");
        host.Ip($"-6 route add default via {v6}");
    }

    /// <summary>Puts a cable between a host and a switch.</summary>
    protected static void Plug(TestNamespace host, string device, TestNamespace to, string port)
    {
        int mtu = BackMtu;
        TestNamespace.Connect(host, device, to, port);
        host.Run("ethtool", "-K", device, "gro", "on", "tx", "off");
        to.Run("ethtool", "-K", port, "gro", "on", "tx", "off");
        host.Ip($"link set {device} mtu {mtu}");
        to.Ip($"link set {port} mtu {mtu} master br0");
    }

    protected static void AddXdp(TestNamespace host, string device) =>
        host.Ip($"link set {device} xdpdrv object {Path.Combine(AppContext.BaseDirectory, "lb_decap.bpf.o")} section xdp");

    private TestNamespace AddSwitch(string name, int mtu)
    {
        TestNamespace added = AddNamespace(name);
        added.Ip($"link add br0 mtu {mtu} type bridge");
        added.Ip("link set br0 up");
        return added;
    }

    private void AddBackend(int number, IReadOnlyList<IPAddress> dsrVips, string gateway4, string gateway6)
    {
        var backend = new Backend(
            $"b{number}", AddNamespace($"b{number}"), Back, Addresses.Backend4(number), Addresses.Backend6(number));
        Plug(backend.Namespace, "eth0", Back, backend.Name);
        AddAddresses(backend.Namespace, "eth0", $"{backend.V4}/24", $"{backend.V6}/64");
        AddGateways(backend.Namespace, gateway4, gateway6);
        foreach (IPAddress vip in dsrVips)
        {
            backend.Namespace.Ip($"addr add {vip} dev lo nodad");
        }

        backend.Namespace.Run("sysctl", "-qw", "net.ipv4.conf.all.arp_ignore=1", "net.ipv4.conf.all.arp_announce=2");
        AddXdp(backend.Namespace, "eth0");
        _servers.Add(EchoServer.Start(backend));
    }

    private AnnounceNode AddNode(int number, string announce, string services)
    {
        TestNamespace net = AddNamespace($"n{number}");
        net.Run("sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1", "net.ipv4.conf.all.accept_local=1");
        Plug(net, "client0", Front, $"n{number}");
        Plug(net, "backend0", Back, $"n{number}");
        foreach (TestNamespace to in (TestNamespace[])[Front, Back])
        {
            // A card takes frames to its own address alone; a veth takes all, and a bridge floods those of a port that is down.
            to.Run("bridge", "link", "set", "dev", $"n{number}", "flood", "off");
        }

        AddAddresses(net, "client0", $"10.77.1.{10 + number}/24", $"fd77:1::{10 + number}/64");
        AddAddresses(net, "backend0", $"10.77.2.{100 + number}/24", $"fd77:2::{100 + number}/64");
        string site = $"{_name}-n{number}";
        return new AnnounceNode(net, [Front, Back], $"n{number}", site, $"10.77.2.{100 + number}:9120", Folder, $$"""
            lb {
              site = {{site}}
              interfaces = [client0, backend0]
              kernel { max-services = 16, max-backends = 64, max-flows = 32768 }
              journal.directory = "{{Folder}}"
              cluster { host = 10.77.2.{{100 + number}}, name = {{_name}}, provider = sqlite, directory = "{{Folder}}" }
              announce { {{announce}} }
              service-defaults.health.check = none
              services { {{services}} }
            }
            """);
    }
}
