using System.Net;

namespace Lb.Kernel;

/// <summary>
/// The kernel's forwarding state, one call per thing that can be read or written. The kernel bridge is its
/// only writer.
/// </summary>
/// <remarks>
/// Every call is synchronous and short, and is made from one thread at a time; <see cref="SampleFlows"/>,
/// <see cref="CountFlows"/> and <see cref="ReadMaps"/>, which may take long and change nothing,
/// <see cref="SweepFullNat"/>, <see cref="ReadClients"/> and <see cref="DeleteClients"/> can be called beside the others
/// from any thread. A call that the kernel refuses throws
/// <see cref="KernelException"/>; nothing is left half-written by a single call.
/// </remarks>
public interface IDatapath : IDisposable
{
    /// <summary>Largest number of services, and of tables.</summary>
    int ServiceLimit { get; }

    /// <summary>Backend indexes are from 1 to below this.</summary>
    int BackendLimit { get; }

    /// <summary>Reads all services.</summary>
    IReadOnlyDictionary<Endpoint, ServiceEntry> ReadServices();

    /// <summary>
    /// Adds or replaces a service and marks its address as a VIP. One of a prefix or a port range is found once
    /// <see cref="WriteRanges"/> has it.
    /// </summary>
    void WriteService(Endpoint vip, ServiceEntry service);

    /// <summary>
    /// Removes a service, and the mark of its address when no other service has it. Of those of a prefix or a port range
    /// <see cref="WriteRanges"/> has them no more.
    /// </summary>
    void DeleteService(Endpoint vip);

    /// <summary>
    /// Reads the services of prefixes and port ranges that packets find: those written last, or none when what finds them
    /// is not as it was written.
    /// </summary>
    IReadOnlySet<Endpoint> ReadRanges();

    /// <summary>
    /// Has packets find exactly these services of prefixes and port ranges, which are all written. Each address has its
    /// old services or its new ones, never a mix.
    /// </summary>
    void WriteRanges(IReadOnlySet<Endpoint> services);

    /// <summary>Reads the addresses that are marked as VIPs.</summary>
    IReadOnlySet<IPAddress> ReadVips();

    /// <summary>Marks an address as a VIP.</summary>
    void WriteVip(IPAddress address);

    /// <summary>Removes the mark of an address. No service may have it any more.</summary>
    void DeleteVip(IPAddress address);

    /// <summary>Reads the backends in use, by index.</summary>
    IReadOnlyDictionary<uint, BackendEntry> ReadBackends();

    /// <summary>Writes a backend.</summary>
    void WriteBackend(uint index, BackendEntry backend);

    /// <summary>Clears a backend's entry. No slot, flow or server ID may name it any more.</summary>
    void DeleteBackend(uint index);

    /// <summary>Reads the backends that QUIC connection IDs name, by server ID.</summary>
    IReadOnlyDictionary<ServerIdKey, uint> ReadServerIds();

    /// <summary>Has connection IDs with a server ID name a backend, which is there: a packet sees the old one or the new one.</summary>
    void WriteServerId(ServerIdKey id, uint backend);

    /// <summary>Has connection IDs with a server ID name nobody.</summary>
    void DeleteServerId(ServerIdKey id);

    /// <summary>Reads a table; null when there is none at that index.</summary>
    /// <param name="table">Its index.</param>
    /// <param name="expected">What it may be like: returned itself when the table is so, in place of a copy.</param>
    Slot[]? ReadTable(uint table, Slot[]? expected = null);

    /// <summary>
    /// Replaces a whole table: each packet sees the old one or the new one, never a mix. A service that names it has
    /// the new number of slots from the same moment.
    /// </summary>
    /// <remarks>The services that name the table get its new number of slots in the same step.</remarks>
    void SwapTable(uint table, ReadOnlySpan<Slot> slots);

    /// <summary>Overwrites single slots of a table in place, each in one store.</summary>
    /// <exception cref="InvalidOperationException">There is no such table or slot.</exception>
    void WriteSlots(uint table, IReadOnlyCollection<KeyValuePair<int, Slot>> slots);

    /// <summary>Removes a table. No service may name it any more.</summary>
    void DeleteTable(uint table);

    /// <summary>Reads the reply side of nat, by the backend's endpoint.</summary>
    IReadOnlyDictionary<Endpoint, NatEntry> ReadNat();

    /// <summary>
    /// Adds or replaces the reply side of one backend. That of one with a range of ports is found once
    /// <see cref="WriteNatRanges"/> has it.
    /// </summary>
    void WriteNat(Endpoint backend, NatEntry entry);

    /// <summary>Removes the reply side of one backend. Of those with a range <see cref="WriteNatRanges"/> has them no more.</summary>
    void DeleteNat(Endpoint backend);

    /// <summary>As <see cref="ReadRanges"/>: the backends with a range of ports whose replies are found.</summary>
    IReadOnlySet<Endpoint> ReadNatRanges();

    /// <summary>As <see cref="WriteRanges"/>: has replies of exactly these backends with a range of ports be found.</summary>
    void WriteNatRanges(IReadOnlySet<Endpoint> backends);

    /// <summary>Reads the prefixes whose traffic with backends is left alone.</summary>
    IReadOnlySet<IPNetwork> ReadDirect();

    /// <summary>Adds and removes such prefixes until exactly these are there.</summary>
    void WriteDirect(IReadOnlySet<IPNetwork> prefixes);

    /// <summary>Reads the addresses that full-nat sends from.</summary>
    IReadOnlySet<FullNatSource> ReadFullNatSources();

    /// <summary>Has full-nat send new flows from exactly these; older ones keep what they have.</summary>
    void WriteFullNatSources(IReadOnlySet<FullNatSource> sources);

    /// <summary>
    /// Goes through the flows of full-nat, removes those that are over and says what is left. It may take long; any thread
    /// may.
    /// </summary>
    FullNatSweep SweepFullNat(Func<FullNatFlow, bool> isOver);

    /// <summary>What is to intercept a relayed service's packets: what is asked for, or the best that can be had.</summary>
    InterceptionChoice ChooseInterception(InterceptWish wish);

    /// <summary>
    /// Reads the services whose packets the host hands to sockets of their relays: those written last, or none when a
    /// part of what does it is not as it was written.
    /// </summary>
    IReadOnlySet<Intercept> ReadIntercepted();

    /// <summary>
    /// Has the host hand packets of exactly these services to sockets that listen for them. A service may be there
    /// twice, while it goes from one way to another.
    /// </summary>
    void WriteIntercepted(IReadOnlySet<Intercept> services);

    /// <summary>Sampled services log one flow in so many; 0 while it was never set.</summary>
    int ReadLogSample();

    /// <summary>Sets of how many flows one is logged.</summary>
    void WriteLogSample(int oneIn);

    /// <summary>Counters of the flow log, summed over the CPUs.</summary>
    FlowLogCounts ReadLogCounts();

    /// <summary>Opens the flow log for its one reader. It may be used beside this object, and outlives it.</summary>
    IFlowLog OpenFlowLog();

    /// <summary>Whether there are other nodes that are to have entries of flows.</summary>
    bool ReadShared();

    /// <summary>Says whether there are.</summary>
    void WriteShared(bool shared);

    /// <summary>Opens the news of entries for its one reader. It may be used beside this object, and outlives it.</summary>
    IFlowNews OpenFlowNews();

    /// <summary>
    /// Writes entries that other nodes have made; one that is there stays, unless the copy replaces it. Clients of services
    /// with affinity that has a timeout keep the backend of their flow, unless they keep another.
    /// </summary>
    /// <returns>How many were written.</returns>
    int WriteFlows(IReadOnlyCollection<FlowCopy> flows);

    /// <summary>Reads every tracked flow, established and pending.</summary>
    IReadOnlyList<FlowRecord> ReadFlows();

    /// <summary>
    /// Counts the entries of each map of flows, and what the kernel evicted since the first call. Any thread may.
    /// </summary>
    IReadOnlyList<FlowTableUse> CountFlows();

    /// <summary>Forgets flows; those that are gone already are skipped.</summary>
    /// <returns>How many were there.</returns>
    int DeleteFlows(IReadOnlyCollection<Flow> flows);

    /// <summary>Reads every client that keeps its backend when the table changes. Any thread may.</summary>
    IReadOnlyList<KeptClient> ReadClients();

    /// <summary>Forgets clients; those that are gone already are skipped. Any thread may.</summary>
    /// <returns>How many were there.</returns>
    int DeleteClients(IReadOnlyCollection<KeptClient> clients);

    /// <summary>Counts the tracked flows and reads some of them. Any thread may.</summary>
    /// <param name="service">Id of the service; null for all.</param>
    /// <param name="limit">How many are read.</param>
    FlowSample SampleFlows(uint? service, int limit);

    /// <summary>Reads everything that decides where packets of a flow go, and changes nothing.</summary>
    FlowTrace TraceFlow(Flow flow);

    /// <summary>Counters of a service.</summary>
    Traffic ReadServiceTraffic(uint service);

    /// <summary>Counters of a backend.</summary>
    Traffic ReadBackendTraffic(uint backend);

    /// <summary>Counters of all service ids below one, at once.</summary>
    IReadOnlyList<Traffic> ReadServiceTrafficBelow(uint service);

    /// <summary>Counters of all backend indexes below one, at once.</summary>
    IReadOnlyList<Traffic> ReadBackendTrafficBelow(uint backend);

    /// <summary>Sets the counters of a service id that is given out anew to zero.</summary>
    void ResetServiceTraffic(uint service);

    /// <summary>Sets the counters of a backend index that is given out anew to zero.</summary>
    void ResetBackendTraffic(uint backend);

    /// <summary>Counters by verdict, summed over the CPUs.</summary>
    IReadOnlyDictionary<Verdict, Counter> ReadVerdicts();

    /// <summary>How packets are spread over CPUs, and what each of them has had; null while they are not.</summary>
    SpreadUse? ReadSpread();

    /// <summary>
    /// Spreads packets over CPUs from now on, or no more. None is lost by that; those of a flow whose CPU becomes another
    /// may overtake each other at that moment.
    /// </summary>
    void WriteSpread(SpreadWish wish);

    /// <summary>Describes the maps; the slots of all tables are the last one. Any thread may.</summary>
    IReadOnlyList<MapUse> ReadMaps();

    /// <summary>
    /// Looks whether all that is not an entry of a map that other calls read is as it was set up: the node's own entry,
    /// the program on each interface, the pins. Changes nothing.
    /// </summary>
    IReadOnlyList<SetupFault> CheckSetup();

    /// <summary>Sets one part right again.</summary>
    void MendSetup(SetupFault fault);

    /// <summary>The interfaces that packets are taken from, with how the program is attached.</summary>
    IReadOnlyList<Attachment> Attachments { get; }

    /// <summary>
    /// Why XDP does not serve on this node: then all services are to be forwarded at traffic control. Null when it does.
    /// </summary>
    string? WhyNotXdp { get; }
}
