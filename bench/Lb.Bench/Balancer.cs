using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Lb.Actors;
using Lb.Kernel;

namespace Lb.Bench;

/// <summary>A loaded data plane with the services that the workloads ask for.</summary>
internal sealed class Balancer : IDisposable
{
    public const int Slots = 65_537;
    private const int BackendsPerFamily = 100;

    /// <summary>The default of lb.flow-log.sample-rate.</summary>
    private const int OneIn = 100;
    private static readonly string[] Sources = ["10.1.0.253", "10.1.0.252", "2001:db8:1::fd"];
    private readonly List<Workload> _workloads = [];
    private readonly LoadedDatapath _datapath;
    private readonly LogDrain _log;
    private readonly int _interface;

    /// <summary>Makes it.</summary>
    /// <param name="maxFlows">Most flows of a service.</param>
    /// <param name="egress">Index of the interface that leads to the backends.</param>
    public Balancer(int maxFlows, int egress)
    {
        _interface = egress;
        _datapath = new DatapathSpec(SizesFor(maxFlows), int.MaxValue).Load();
        _datapath.WriteLogSample(OneIn);
        _log = new LogDrain(_datapath.OpenFlowLog());
        PutBackends();
        foreach (Tracking tracking in (Tracking[])[Tracking.Minimal, Tracking.Full])
        {
            Add("TCP v4 dsr-ipip", "192.0.2.1", TransportProtocol.Tcp, ForwardingMode.DsrIpip, tracking);
            Add("TCP v4 nat", "192.0.2.1", TransportProtocol.Tcp, ForwardingMode.Nat, tracking);
            Add("TCP v6 dsr-ipip", "2001:db8::1", TransportProtocol.Tcp, ForwardingMode.DsrIpip, tracking);
            Add("TCP v6 nat", "2001:db8::1", TransportProtocol.Tcp, ForwardingMode.Nat, tracking);
            Add("UDP v4 dsr-ipip", "192.0.2.1", TransportProtocol.Udp, ForwardingMode.DsrIpip, tracking);
            Add("SYN v4 dsr-ipip", "192.0.2.1", TransportProtocol.Tcp, ForwardingMode.DsrIpip, tracking, syn: true);
        }

        Add("TCP v4 dsr-gue", "192.0.2.1", TransportProtocol.Tcp, ForwardingMode.DsrGue, Tracking.Minimal);
        Add("TCP v6 dsr-gue", "2001:db8::1", TransportProtocol.Tcp, ForwardingMode.DsrGue, Tracking.Minimal);
        Add("TCP v4 dsr-l2", "192.0.2.1", TransportProtocol.Tcp, ForwardingMode.DsrL2, Tracking.Minimal);
        Add("TCP v6 dsr-l2", "2001:db8::1", TransportProtocol.Tcp, ForwardingMode.DsrL2, Tracking.Minimal);
        Add("TCP v4 full-nat", "192.0.2.1", TransportProtocol.Tcp, ForwardingMode.FullNat, Tracking.Minimal);
        Add("TCP v6 full-nat", "2001:db8::1", TransportProtocol.Tcp, ForwardingMode.FullNat, Tracking.Minimal);
        Add("UDP v4 full-nat", "192.0.2.1", TransportProtocol.Udp, ForwardingMode.FullNat, Tracking.Minimal);
        Add("SCTP v4 dsr-ipip", "192.0.2.1", TransportProtocol.Sctp, ForwardingMode.DsrIpip, Tracking.Minimal);
        Add("SCTP v6 dsr-ipip", "2001:db8::1", TransportProtocol.Sctp, ForwardingMode.DsrIpip, Tracking.Minimal);
        AddLogged("TCP v4 nat", TransportProtocol.Tcp, FlowLogging.Sampled);
        AddLogged("TCP v4 nat", TransportProtocol.Tcp, FlowLogging.Full);
        AddLogged("UDP v4 nat", TransportProtocol.Udp, FlowLogging.Off);
        AddLogged("UDP v4 nat", TransportProtocol.Udp, FlowLogging.Sampled);
        AddLogged("UDP v4 nat", TransportProtocol.Udp, FlowLogging.Full);
        AddLogged("SYN v4 nat", TransportProtocol.Tcp, FlowLogging.Off, syn: true);
        AddLogged("SYN v4 nat", TransportProtocol.Tcp, FlowLogging.Sampled, syn: true);
        AddLogged("SYN v4 nat", TransportProtocol.Tcp, FlowLogging.Full, syn: true);
        _workloads.Add(Nobodys("no service v4", "203.0.113.1"));
        _workloads.Add(Nobodys("no service v6", "2001:db8:f::1"));
    }

    public IReadOnlyList<Workload> Workloads => _workloads;

    public LoadedDatapath Datapath => _datapath;

    /// <summary>
    /// Lets full-nat take new flows, or no longer: where it does, what is nobody's is looked up as a reply too. Flows that are
    /// there go on.
    /// </summary>
    public void TakeFullNat(bool takes) => _datapath.WriteFullNatSources(
        takes ? Sources.Select(address => new FullNatSource(IPAddress.Parse(address), 1024, ushort.MaxValue)).ToHashSet() : []);

    public void Dispose()
    {
        _log.Dispose();
        _datapath.Dispose();
    }

    /// <summary>
    /// Room for the flows of three fully tracked services in each family and of three by full-nat, which have two entries
    /// each, and some more: none is evicted.
    /// </summary>
    private static MapSizes SizesFor(int maxFlows)
    {
        int room = Math.Max(maxFlows, 16_384) * 4;
        return new() { Flows = room, Pending = 262_144, FullNat = room };
    }

    private static Workload Nobodys(string name, string address) =>
        new(name, new Endpoint(IPAddress.Parse(address), 80, TransportProtocol.Tcp), Syn: false, Service: null);

    private static uint FirstBackend(AddressFamily family) =>
        family == AddressFamily.InterNetwork ? 1u : 1u + BackendsPerFamily;

    private void Add(
        string name,
        string vip,
        TransportProtocol protocol,
        ForwardingMode mode,
        Tracking tracking,
        bool syn = false,
        FlowLogging logging = FlowLogging.Off)
    {
        uint id = (uint)_workloads.Count;
        var endpoint = new Endpoint(IPAddress.Parse(vip), (ushort)(1000 + id), protocol);
        var service = new ServiceEntry(id, id, Slots, Seed: id, mode, tracking)
        {
            Logging = logging,
            Relay = mode == ForwardingMode.FullNat ? RelayFlags.FullNat : RelayFlags.None,
        };
        _datapath.SwapTable(id, TableOf(endpoint.Address.AddressFamily));
        _datapath.WriteService(endpoint, service);
        _workloads.Add(new Workload(name, endpoint, syn, service));
    }

    /// <summary>What the flow log costs, beside a service of the same kind that does not log.</summary>
    private void AddLogged(string name, TransportProtocol protocol, FlowLogging logging, bool syn = false) => Add(
        logging == FlowLogging.Off ? name : $"{name}, log {(logging == FlowLogging.Full ? "full" : "sampled")}",
        "192.0.2.1", protocol, ForwardingMode.Nat, Tracking.Minimal, syn, logging);

    private static Slot[] TableOf(AddressFamily family)
    {
        uint[] ids = new uint[Slots];
        Maglev.Fill(
            [.. Enumerable.Range(0, BackendsPerFamily).Select(i => new MaglevMember(Socket(family, i), FirstBackend(family) + (uint)i, 1))],
            ids);
        return [.. ids.Select(id => new Slot(id))];
    }

    private static Endpoint Socket(AddressFamily family, int index) => new(
        family == AddressFamily.InterNetwork
            ? new IPAddress([10, 1, 0, (byte)(index + 1)])
            : IPAddress.Parse($"2001:db8:1::{index + 1:x}"),
        8080,
        TransportProtocol.Tcp);

    private void PutBackends()
    {
        foreach (AddressFamily family in (AddressFamily[])[AddressFamily.InterNetwork, AddressFamily.InterNetworkV6])
        {
            IPAddress node = IPAddress.Parse(family == AddressFamily.InterNetwork ? "10.1.0.254" : "2001:db8:1::fe");
            for (int i = 0; i < BackendsPerFamily; i++)
            {
                Endpoint socket = Socket(family, i);
                var hop = new NextHop(
                    _interface,
                    new PhysicalAddress([2, 0, 0, 0, 0, 2]),
                    new PhysicalAddress([2, 0, 0, 0, 1, (byte)i]),
                    node,
                    1500);
                _datapath.WriteBackend(
                    FirstBackend(family) + (uint)i, new BackendEntry(0, socket.Address, socket.Port, Alive: true, hop));
            }
        }
    }
}
