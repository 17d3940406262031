using Lb.Netns.Tests.Servers;
using Lb.Testing;

namespace Lb.Netns.Tests.Topologies;

/// <summary>
/// client ── lb ── switch ── b1 … bN, each a network namespace of its own. Everything in it ends when it is
/// disposed, also after a failure.
/// </summary>
internal sealed class Topology : IDisposable
{
    /// <summary>Larger than the client side's, so that encapsulation has room.</summary>
    private const int BackendMtu = 1600;

    private static int s_count;

    private readonly List<TestNamespace> _namespaces = [];
    private readonly List<IDisposable> _owned = [];
    private readonly TestNamespace _switch;
    private readonly List<Backend> _backends = [];

    private Topology()
    {
        Site = $"netns-{Environment.ProcessId:x}-{Interlocked.Increment(ref s_count)}";
        Folder = Directory.CreateTempSubdirectory("lb-netns-").FullName;
        Command.Run("chmod", "755", Folder); // nginx's worker is another user
        Client = AddNamespace("client");
        Lb = AddNamespace("lb");
        _switch = AddNamespace("switch");
    }

    /// <summary>Name of the site, unique on the machine: its pins are below BPFFS/lb/SITE.</summary>
    public string Site { get; }

    /// <summary>Files of this topology.</summary>
    public string Folder { get; }

    /// <summary>Where clients run.</summary>
    public TestNamespace Client { get; }

    /// <summary>Where lbd runs, with interfaces client0 and backend0.</summary>
    public TestNamespace Lb { get; }

    /// <summary>b1, b2 …</summary>
    public IReadOnlyList<Backend> Backends => _backends;

    public static Topology WithBackends(int count)
    {
        var topology = new Topology();
        try
        {
            topology.Build(count);
            return topology;
        }
        catch
        {
            topology.Dispose();
            throw;
        }
    }

    /// <summary>The same with a TCP and a UDP echo server in each backend.</summary>
    public static Topology WithEchoServers(int count)
    {
        Topology topology = WithBackends(count);
        foreach (Backend backend in topology.Backends)
        {
            topology.Own(EchoServer.Start(backend));
            topology.Own(UdpEchoServer.Start(backend));
        }

        return topology;
    }

    /// <summary>
    /// Has clients, node and backends leave checksums and segments to their network cards, as containers and virtual
    /// machines do.
    /// </summary>
    public void OffloadSenders() => SetOffloads("tx", "on", "tso", "on", "gso", "on", "gro", "on");

    /// <summary>Has them do that work themselves, as it is without a word.</summary>
    public void SpareSenders() => SetOffloads("tx", "off");

    private void SetOffloads(params string[] features)
    {
        Client.Run("ethtool", ["-K", "eth0", .. features]);
        Lb.Run("ethtool", ["-K", "client0", .. features]);
        Lb.Run("ethtool", ["-K", "backend0", .. features]);
        _backends.ForEach(backend => backend.Namespace.Run("ethtool", ["-K", "eth0", .. features]));
    }

    /// <summary>Ends something with the topology, before the namespaces go.</summary>
    public T Own<T>(T owned)
        where T : IDisposable
    {
        _owned.Add(owned);
        return owned;
    }

    /// <summary>Deletes the interfaces between client and lb, and makes them anew under the same names.</summary>
    public void ReplaceClientLink()
    {
        Lb.Ip("link del client0");
        LinkClient();
    }

    public void Dispose()
    {
        foreach (IDisposable owned in Enumerable.Reverse(_owned))
        {
            owned.Dispose();
        }

        _namespaces.ForEach(KillProcesses);
        _namespaces.ForEach(n => n.Dispose());
        Pins.Remove(Site);
        Directory.Delete(Folder, recursive: true);
    }

    private void Build(int backends)
    {
        Lb.Run("sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1");
        LinkClient();
        _switch.Ip($"link add br0 mtu {BackendMtu} type bridge");
        _switch.Ip("link set br0 up");
        Plug(Lb, "backend0", "lb");
        AddAddresses(Lb, "backend0", "10.77.2.1/24", "fd77:2::1/64");
        for (int i = 1; i <= backends; i++)
        {
            AddBackend(i);
        }
    }

    private void LinkClient()
    {
        Connect(Client, "eth0", Lb, "client0");
        AddAddresses(Client, "eth0", "10.77.1.2/24", "fd77:1::2/64");
        AddAddresses(Lb, "client0", "10.77.1.1/24", "fd77:1::1/64");
        AddGateways(Client, "10.77.1.1", "fd77:1::1");
        AddXdp(Client);
    }

    private void AddBackend(int number)
    {
        string name = $"b{number}";
        var backend = new Backend(
            name, AddNamespace(name), _switch, Addresses.Backend4(number), Addresses.Backend6(number));
        Plug(backend.Namespace, "eth0", backend.Name);
        AddAddresses(backend.Namespace, "eth0", $"{backend.V4}/24", $"{backend.V6}/64");
        AddGateways(backend.Namespace, "10.77.2.1", "fd77:2::1");
        foreach (System.Net.IPAddress vip in Addresses.DsrVips)
        {
            backend.Namespace.Ip($"addr add {vip} dev lo nodad");
        }

        AddXdp(backend.Namespace);
        _backends.Add(backend);
    }

    private TestNamespace AddNamespace(string name)
    {
        var added = TestNamespace.Create($"lb-{name}-");
        _namespaces.Add(added);
        added.Run(
            "sysctl", "-qw", "net.ipv4.conf.all.rp_filter=0", "net.ipv4.conf.default.rp_filter=0",
            "net.ipv6.conf.default.accept_dad=0", "net.ipv6.conf.default.accept_ra=0");
        return added;
    }

    private void Plug(TestNamespace host, string device, string port)
    {
        Connect(host, device, _switch, port);
        host.Ip($"link set {device} mtu {BackendMtu}");
        _switch.Ip($"link set {port} mtu {BackendMtu} master br0");
    }

    /// <summary>Decapsulation in a backend.</summary>
    /// <remarks>
    /// The client has it too, where it passes everything: a veth hands over what XDP sends back (XDP_TX, as for a
    /// ping) without delay only to a peer with a program.
    /// </remarks>
    private static void AddXdp(TestNamespace host) =>
        host.Ip($"link set eth0 xdpdrv object {Path.Combine(AppContext.BaseDirectory, "lb_decap.bpf.o")} section xdp");

    /// <summary>Joins two namespaces so that XDP works on both ends.</summary>
    /// <remarks>
    /// A frame that XDP sends into a veth arrives only where the peer runs NAPI, which GRO turns on. With
    /// transmit offload off the sender completes its checksums, as on a wire. Both while the devices are up: GRO
    /// that is turned on before does not make the peer a target of redirects.
    /// </remarks>
    private static void Connect(TestNamespace left, string leftDevice, TestNamespace right, string rightDevice)
    {
        TestNamespace.Connect(left, leftDevice, right, rightDevice);
        left.Run("ethtool", "-K", leftDevice, "gro", "on", "tx", "off");
        right.Run("ethtool", "-K", rightDevice, "gro", "on", "tx", "off");
    }

    private static void AddAddresses(TestNamespace host, string device, string v4, string v6)
    {
        host.Ip($"addr add {v4} dev {device}");
        host.Ip($"addr add {v6} dev {device} nodad");
    }

    private static void AddGateways(TestNamespace host, string v4, string v6)
    {
        host.Ip($"route add default via {v4}");
        host.Ip($"-6 route add default via {v6}");
    }

    private static void KillProcesses(TestNamespace host)
    {
        string pids = Command.TryRun("ip", "netns", "pids", host.Name).Output;
        foreach (string pid in pids.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (pid != $"{Environment.ProcessId}")
            {
                Command.TryRun("kill", "-KILL", pid);
            }
        }
    }
}
