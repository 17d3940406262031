using System.Net.Sockets;
using Lb.Datapath.Tests.Model;
using Lb.Kernel;
using Lb.Kernel.Datapath;
using Lb.Kernel.Layout;
using Lb.Kernel.Maps;
using Lb.Kernel.Programs;

namespace Lb.Datapath.Tests.Lab;

/// <summary>Clients that keep their backend, written and read as they are in the kernel.</summary>
internal sealed class ClientTables(BpfObject opened) : IDisposable
{
    /// <summary>Of all services of the tests that have a timeout: longer than any test goes on with what it has written.</summary>
    public const uint Timeout = 120;

    private readonly HashMap<ClientKey4, ClientValue> _v4 = new(MapNames.Clients4, opened.TakeMap(MapNames.Clients4));
    private readonly HashMap<ClientKey6, ClientValue> _v6 = new(MapNames.Clients6, opened.TakeMap(MapNames.Clients6));

    public Dictionary<ClientId, ClientState> Read()
    {
        uint now = Tick.Now;
        return _v4.ReadAll()
            .Select(element => (Id: new ClientId(element.Key.ServiceId, element.Key.Address), element.Value))
            .Concat(_v6.ReadAll().Select(element => (Id: new ClientId(element.Key.ServiceId, element.Key.Address), element.Value)))
            .ToDictionary(
                client => client.Id,
                client => new ClientState(client.Value.Backend, unchecked((int)(now - client.Value.Seen)) > Timeout));
    }

    /// <summary>Makes the tables hold exactly these: seen just now, or longer ago than the timeout by one tick.</summary>
    public void Write(Dictionary<ClientId, ClientState> wanted)
    {
        uint now = Tick.Now;
        foreach (ClientId gone in Read().Keys.Where(id => !wanted.ContainsKey(id)))
        {
            _ = IsV4(gone)
                ? _v4.Delete(ClientKey4.From(gone.Service, gone.Client))
                : _v6.Delete(ClientKey6.From(gone.Service, gone.Client));
        }

        foreach ((ClientId id, ClientState state) in wanted)
        {
            // The program's clock is coarse: it may be in the tick before.
            ClientValue value = new()
            {
                Backend = state.Backend,
                Seen = unchecked(now - (state.IsOver ? Timeout + 2 : 0)),
            };
            if (IsV4(id))
            {
                _v4.Set(ClientKey4.From(id.Service, id.Client), value);
            }
            else
            {
                _v6.Set(ClientKey6.From(id.Service, id.Client), value);
            }
        }
    }

    /// <summary>Lets all clients of IPv4 or IPv6 have been away for so many ticks.</summary>
    public void Age(uint ticks)
    {
        uint seen = unchecked(Tick.Now - ticks);
        _v4.ReadAll().ForEach(element => _v4.Set(element.Key, element.Value with { Seen = seen }));
        _v6.ReadAll().ForEach(element => _v6.Set(element.Key, element.Value with { Seen = seen }));
    }

    public void Dispose()
    {
        _v4.Dispose();
        _v6.Dispose();
    }

    private static bool IsV4(ClientId id) => id.Client.AddressFamily == AddressFamily.InterNetwork;
}
