using System.Net;
using System.Net.Sockets;
using Lb.Datapath.Tests.Model;
using Lb.Kernel;
using Lb.Kernel.Layout;

namespace Lb.Datapath.Tests.Fuzz;

/// <summary>What a control plane, and time, do to a world between packets.</summary>
internal sealed class Evolution(Universe universe)
{
    /// <summary>Far below what the flow tables hold, so that none is ever evicted.</summary>
    private const int MostFlows = 1500;
    private const int MostFragments = 300;

    private static readonly IPNetwork[] Prefixes =
    [
        IPNetwork.Parse("198.51.100.1/32"), IPNetwork.Parse("198.51.100.4/30"), IPNetwork.Parse("203.0.113.0/24"),
        IPNetwork.Parse("2001:db8:c::1/128"), IPNetwork.Parse("2001:db8:c::4/126"), IPNetwork.Parse("2001:db8:2::/64"),
        IPNetwork.Parse("10.0.0.0/8"),
    ];

    private readonly World _world = universe.World;
    private readonly Random _random = universe.Random;

    /// <summary>Makes a few random changes.</summary>
    public void Step()
    {
        for (int i = _random.Next(1, 6); i > 0; i--)
        {
            Change();
        }

        if (_world.Fragments.Count > MostFragments)
        {
            _world.Fragments.Clear();
            _world.FullIds.Clear();
        }

        if (_world.Flows.Count > MostFlows || _world.Pending.Count > MostFlows)
        {
            _world.Flows.Clear();
            _world.Pending.Clear();
        }

        if (_world.Clients.Count > MostFlows)
        {
            _world.Clients.Clear();
        }

        if (_world.Full.Count > MostFlows || _world.FullNew.Count > MostFlows)
        {
            _world.Full.Clear();
            _world.FullNew.Clear();
        }
    }

    private void Change()
    {
        switch (_random.Next(18))
        {
            case 0 or 1 or 2:
                ChangeSlots();
                break;
            case 3 or 4:
                uint index = (uint)_random.Next(1, (int)Universe.Backends + 1);
                _world.Backends[index] = universe.RandomBackend(index);
                break;
            case 5 or 6:
                universe.PutRandomService(universe.RandomVip());
                break;
            case 7:
                _world.Services.Remove(universe.RandomVip());
                break;
            case 8:
                ChangeNat();
                break;
            case 9:
                Toggle(universe.Pick(Prefixes));
                break;
            case 11:
                ChangeSources();
                break;
            case 13 or 14:
                ChangeServerId();
                break;
            case 12:
                Expire(universe.Once(2) ? _world.Full : _world.FullNew);
                break;
            case 15 or 16:
                ChangeClients();
                break;
            case 10:
                _world.Budget = universe.Once(3) ? 0 : World.Unlimited;
                _world.IsShared = universe.Once(2);
                break;
            default:
                Disturb();
                break;
        }
    }

    private void ChangeServerId()
    {
        ServerIdKey id = universe.RandomServerId();
        if (universe.Once(4))
        {
            _world.ServerIds.Remove(id);
            return;
        }

        // Mostly one that may have its packets; it changes and dies like all others.
        uint[] own = [.. _world.Backends.Where(backend => backend.Value.Service == id.Service).Select(backend => backend.Key)];
        _world.ServerIds[id] = own.Length == 0 || universe.Once(8) ? (uint)_random.Next((int)Universe.Backends + 2) : universe.Pick(own);
    }

    private void ChangeSources()
    {
        FullNatSource source = universe.Pick(Universe.Sources);
        if (!_world.Sources.Remove(source))
        {
            _world.Sources.Add(source);
        }
    }

    /// <summary>Takes entries away, both of a flow or one alone, or spoils them, as time and another hand may.</summary>
    private void Expire(Dictionary<Flow, FullState> entries)
    {
        foreach ((Flow flow, FullState state) in entries.Where(_ => universe.Once(4)).ToArray())
        {
            if (universe.Once(4))
            {
                entries[flow] = state with { Flags = state.Flags ^ universe.Pick([FullFlags.Fin, FullFlags.Reset, FullFlags.Answered]) };
                continue;
            }

            entries.Remove(flow);
            if (!universe.Once(3))
            {
                entries.Remove(FullNat.Reverse(state.Becomes));
            }
        }
    }

    /// <summary>Lets clients be gone, be away for too long, or be with another backend.</summary>
    private void ChangeClients()
    {
        foreach (ClientId id in _world.Clients.Keys.Where(_ => universe.Once(4)).ToArray())
        {
            _world.Clients.Remove(id);
        }

        foreach ((Endpoint vip, ServiceEntry service) in _world.Services.Where(_ => universe.Once(2)))
        {
            if (universe.RandomClientId(service, vip.Address.AddressFamily) is { } id)
            {
                uint[] named = [.. _world.Tables[service.Table].Select(slot => slot.Current).Where(index => index != 0)];
                uint backend = named.Length == 0 || universe.Once(8)
                    ? (uint)_random.Next((int)Universe.Backends + 2)
                    : universe.Pick(named);
                _world.Clients[id] = new ClientState(backend, universe.Once(4));
            }
        }
    }

    private void ChangeSlots()
    {
        uint table = (uint)_random.Next((int)Universe.Tables);
        Slot[] slots = _world.Tables[table];
        bool v4 = table < Universe.Tables / 2;
        for (int i = _random.Next(1, slots.Length + 1); i > 0; i--)
        {
            slots[_random.Next(slots.Length)] = universe.RandomSlot(v4);
        }
    }

    private void ChangeNat()
    {
        uint index = (uint)_random.Next(1, (int)Universe.Backends + 1);
        IPEndPoint at = Universe.SocketOf(index);
        Endpoint key = universe.RandomSource(index);
        IPAddress vip = universe.Pick(
            [.. Universe.Vips.Where(v => v.AddressFamily == at.AddressFamily)]);
        if (universe.Once(4))
        {
            _world.Nat.Remove(key);
        }
        else
        {
            ushort port = key.IsRange && !universe.Once(8) ? (ushort)0 : universe.Pick(Universe.VipPorts);
            _world.Nat[key] = new NatEntry(vip, port, (uint)_random.Next(8), index)
            {
                Flags = universe.Once(2) ? NatFlags.Mss : NatFlags.None,
            };
        }
    }

    private void Toggle(IPNetwork prefix)
    {
        if (!_world.Direct.Remove(prefix))
        {
            _world.Direct.Add(prefix);
        }
    }

    /// <summary>Leaves entries as a reused service id, another revision or another node would.</summary>
    private void Disturb()
    {
        Dictionary<Flow, FlowState> flows = universe.Once(2) ? _world.Flows : _world.Pending;
        foreach (Endpoint vip in _world.Services.Keys)
        {
            AddressFamily family = vip.Address.AddressFamily;
            IPEndPoint client = universe.RandomClientSocket(family);
            IPEndPoint to = universe.Near(vip);
            uint backend = (uint)_random.Next((int)Universe.Backends + 2);
            flows[new Flow(client.Address, (ushort)client.Port, to.Address, (ushort)to.Port, vip.Protocol)] =
                new FlowState(backend, (uint)_random.Next(8), (uint)_random.Next(101));
        }
    }
}
