using System.Net;
using System.Net.Sockets;
using Lb.Kernel.Layout;

namespace Lb.Kernel.Datapath;

/// <summary>Clients that keep their backend when the table changes, of both address families.</summary>
internal sealed class ClientMaps(IClientMap clients4, IClientMap clients6) : IDisposable
{
    /// <summary>The maps by the numbers that their counts have.</summary>
    public IReadOnlyDictionary<FlowTable, ICountedMap> Numbered { get; } = new Dictionary<FlowTable, ICountedMap>
    {
        [FlowTable.Clients4] = clients4,
        [FlowTable.Clients6] = clients6,
    };

    /// <summary>Reads all; any thread may.</summary>
    public List<KeptClient> Read()
    {
        List<KeptClient> clients = [];
        uint now = Tick.Now;
        clients4.ReadInto(clients, now);
        clients6.ReadInto(clients, now);
        return clients;
    }

    /// <summary>The client that a source is, among those of its service; null when it keeps nothing.</summary>
    public KeptClient? Find(uint service, IPAddress source, int prefix) =>
        Of(source).Find(service, FlowHash.Mask(source, prefix), Tick.Now);

    /// <summary>Forgets clients and says how many were there; any thread may.</summary>
    public int Delete(IReadOnlyCollection<KeptClient> clients) => clients.Count(client => Of(client.Client).Delete(client));

    /// <summary>
    /// Takes over where flows of other nodes went: their clients keep that backend here too, unless they keep another one
    /// already.
    /// </summary>
    /// <param name="flows">Established flows of other nodes.</param>
    /// <param name="services">By service id, bits that tell clients apart and ticks that they keep their backend for.</param>
    public void Learn(IEnumerable<FlowCopy> flows, IReadOnlyDictionary<uint, (int Prefix, uint Ticks)> services)
    {
        uint now = Tick.Now;
        foreach (FlowCopy flow in flows)
        {
            if (!services.TryGetValue(flow.Service, out (int Prefix, uint Ticks) affinity))
            {
                continue;
            }

            IPAddress client = FlowHash.Mask(flow.Flow.Source, affinity.Prefix);
            IClientMap map = Of(client);
            uint idle = unchecked(now - Tick.Before(now, flow.Idle));
            bool yields = map.Find(flow.Service, client, now) is not { } known
                || (known.Backend == flow.Backend ? known.Idle > idle : known.Idle > affinity.Ticks);
            if (yields && idle <= affinity.Ticks)
            {
                map.Set(new KeptClient(flow.Service, client, flow.Backend, idle), now);
            }
        }
    }

    public void Dispose()
    {
        clients4.Dispose();
        clients6.Dispose();
    }

    private IClientMap Of(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork ? clients4 : clients6;
}
