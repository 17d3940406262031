using System.Collections.Immutable;
using System.Net;
using Lb.Kernel;

namespace Lb.Actors;

/// <summary>What the host says of its surroundings, as the image needs it.</summary>
/// <param name="Resolve">Next hop of an address; null while unknown.</param>
/// <param name="Choose">What is to intercept a relayed service.</param>
/// <param name="AllByTc">XDP does not serve: every service is forwarded at traffic control.</param>
internal sealed record KernelAnswers(
    Func<IPAddress, NextHop?> Resolve, Func<InterceptWish, InterceptionChoice> Choose, bool AllByTc)
{
    /// <summary>Whether a service is forwarded at traffic control.</summary>
    public bool IsByTc(DesiredService service) => AllByTc || service.ByTc;
}

/// <summary>Draws the kernel state that a ledger asks for.</summary>
internal static class KernelImage
{
    /// <summary>The desired state.</summary>
    /// <param name="ledger">Services and their indexes.</param>
    /// <param name="direct">Prefixes whose traffic with backends is left alone.</param>
    /// <param name="held">What the kernel holds: what is not known better is left as it is there.</param>
    /// <param name="answers">What the host says.</param>
    public static KernelState Of(
        KernelLedger ledger, IReadOnlySet<IPNetwork> direct, KernelState held, KernelAnswers answers)
    {
        Dictionary<Endpoint, ServiceEntry> services = [];
        Dictionary<uint, Slot[]> tables = [];
        Dictionary<uint, BackendEntry> backends = Backends(ledger, held, answers);
        ImmutableDictionary<Endpoint, InterceptionChoice> choices = ledger.Services.Values
            .Where(service => service.Desired.UsesRelay)
            .ToImmutableDictionary(
                service => service.Desired.Vip, service => answers.Choose(Wish(service, backends)));
        foreach (LedgerService service in ledger.Services.Values)
        {
            DesiredService desired = service.Desired;
            services.Add(desired.Vip, new ServiceEntry(
                service.Id, service.Table, (uint)service.Slots.Length, desired.Seed, desired.Mode, desired.Tracking)
            {
                Logging = desired.Logging,
                AffinityPrefix = desired.AffinityPrefix,
                AffinityTicks = desired.AffinityTicks,
                Quic = desired.Quic,
                ByTc = answers.IsByTc(desired),
                Resets = desired.Resets,
                Relay = Flags(desired, choices),
            });
            if (service.Slots.Length > 0)
            {
                tables.Add(service.Table, service.Slots);
            }
        }

        return new KernelState(services, backends, tables, Replies(ledger, choices, answers), direct)
        {
            Intercepted = choices.Select(choice => new Intercept(choice.Key, choice.Value.By)
            {
                Replies = choice.Value.Replies,
            }).ToHashSet(),
            Choices = choices,
            ServerIds = ServerIds(ledger),
        };
    }

    /// <summary>
    /// Backends by the IDs of their servers, also those that are no longer configured: their connections go on. A backend
    /// that is configured with the ID of such a one has it.
    /// </summary>
    private static Dictionary<ServerIdKey, uint> ServerIds(KernelLedger ledger)
    {
        Dictionary<ServerIdKey, uint> ids = [];
        foreach (LedgerService service in ledger.Services.Values)
        {
            if (service.Desired.Quic is not { } quic)
            {
                continue;
            }

            foreach (DesiredBackend backend in service.Desired.Backends.OrderBy(backend => backend.Leftover))
            {
                if (backend.ServerId is { } id && id.Length == quic.ServerIdLength)
                {
                    ids.TryAdd(new ServerIdKey(service.Id, quic.ConfigId, id), service.Indexes[backend.Id]);
                }
            }
        }

        return ids;
    }

    private static Dictionary<uint, BackendEntry> Backends(
        KernelLedger ledger, KernelState held, KernelAnswers answers)
    {
        Dictionary<uint, BackendEntry> backends = [];
        Dictionary<IPAddress, NextHop?> hops = [];
        NatClaims claims = Claims(ledger);
        foreach (LedgerService service in ledger.Services.Values)
        {
            foreach (DesiredBackend backend in service.Desired.Backends)
            {
                uint index = service.Indexes[backend.Id];
                bool owned = !service.Desired.UsesNat || claims.Owns(service.Desired.Vip, backend.Socket);
                backends.Add(index, new BackendEntry(
                    service.Id,
                    backend.Socket.Address,
                    backend.Socket.Port,
                    backend.Alive && owned,
                    Hop(service.Desired, backend.Socket.Address, held.Backends.GetValueOrDefault(index)))
                {
                    TunnelPort = service.Desired.TunnelPort,
                    Mss = service.Desired.Mss,
                    ByTc = answers.IsByTc(service.Desired),
                });
            }
        }

        foreach ((uint index, _) in ledger.Backends.Resting)
        {
            if (held.Backends.TryGetValue(index, out BackendEntry? entry))
            {
                backends.Add(index, entry with { Alive = false });
            }
        }

        return backends;

        // A neighbour that is being resolved anew is better reached the old way than not at all. A frame with the
        // client's packet in it, though, may go to the backend itself only: a router would send it back.
        NextHop? Hop(DesiredService service, IPAddress address, BackendEntry? present)
        {
            if (!hops.TryGetValue(address, out NextHop? hop))
            {
                hop = answers.Resolve(address);
                hops.Add(address, hop);
            }

            return hop is null ? present is not null && present.Address.Equals(address) ? present.NextHop : null
                : hop.IsGateway && service.Uses(ForwardingMode.DsrL2) ? null
                : hop with { IsGateway = false };
        }
    }

    private static NatClaims Claims(KernelLedger ledger) =>
        NatClaims.Of([.. ledger.Services.Values.Select(service => service.Desired)]);

    /// <summary>
    /// What packets of backends become. Those of a relay have sockets: where both may come from one backend the program
    /// is told to look, and where lb_tc is to find them it is told of backends of relays alone too. So it is where a range of
    /// ports has that of a relay, which is left out of it.
    /// </summary>
    private static Dictionary<Endpoint, NatEntry> Replies(
        KernelLedger ledger, ImmutableDictionary<Endpoint, InterceptionChoice> choices, KernelAnswers answers)
    {
        NatClaims claims = Claims(ledger);
        HashSet<Endpoint> relayed = [.. ledger.Services.Values
            .Where(service => service.Desired.UsesRelay)
            .SelectMany(service => service.Desired.Backends.Select(backend => backend.Socket))];
        Dictionary<Endpoint, NatEntry> nat = [];
        foreach (LedgerService service in ledger.Services.Values.Where(service => service.Desired.UsesNat))
        {
            foreach (DesiredBackend backend in service.Desired.Backends.Where(b => claims.Owns(service.Desired.Vip, b.Socket)))
            {
                if (ReplyRule.Of(service.Desired.Vip, backend.Socket) is not { Source: var source })
                {
                    continue;
                }

                nat.Add(source, Entry(service, backend) with
                {
                    Flags = (relayed.Contains(backend.Socket) ? NatFlags.Sockets : NatFlags.None)
                        | (service.Desired.Mss > 0 ? NatFlags.Mss : NatFlags.None)
                        | (answers.IsByTc(service.Desired) ? NatFlags.Tc : NatFlags.None),
                });
            }
        }

        ILookup<IPAddress, Endpoint> ranges = nat.Keys.Where(source => source.IsRange).ToLookup(source => source.Address);
        foreach (LedgerService service in ledger.Services.Values
            .Where(service => service.Desired.UsesRelay)
            .OrderBy(service => service.Id))
        {
            bool byTc = choices.GetValueOrDefault(service.Desired.Vip) is { By: InterceptBy.Tc } or { Replies: InterceptBy.Tc };
            foreach (DesiredBackend backend in service.Desired.Backends)
            {
                Endpoint? within = RangeRule.Find(
                    ranges[backend.Socket.Address], backend.Socket.Address, backend.Socket.Port, backend.Socket.Protocol);
                if (within is { } range && !nat[range].Vip.Equals(service.Desired.Vip.Address))
                {
                    nat.TryAdd(backend.Socket, nat[range] with { Flags = nat[range].Flags | NatFlags.Sockets });
                }
                else if (byTc || within is not null)
                {
                    nat.TryAdd(backend.Socket, Entry(service, backend) with { Flags = NatFlags.Sockets | NatFlags.RelaysOnly });
                }
            }
        }

        return nat;

        static NatEntry Entry(LedgerService service, DesiredBackend backend) => new(
            service.Desired.Vip.Address,
            service.Desired.Vip.LastPort == 0 ? service.Desired.Vip.Port : (ushort)0,
            service.Id,
            service.Indexes[backend.Id]);
    }

    private static InterceptWish Wish(LedgerService service, Dictionary<uint, BackendEntry> backends) => new(
        service.Desired.Vip,
        service.Desired.Relay.Wanted,
        service.Desired.Relay.Source,
        [.. service.Indexes.Values
            .Select(index => backends[index].NextHop)
            .OfType<NextHop>()
            .Select(hop => hop.InterfaceIndex)
            .Distinct()]);

    private static RelayFlags Flags(
        DesiredService service, ImmutableDictionary<Endpoint, InterceptionChoice> choices)
    {
        RelayFlags older = (service.Mode, service.Older) switch
        {
            (ForwardingMode.Tproxy or ForwardingMode.FullNat, ForwardingMode.Nat) => RelayFlags.OlderNat,
            (ForwardingMode.Tproxy or ForwardingMode.FullNat, ForwardingMode.DsrIpip) => RelayFlags.OlderIpip,
            (ForwardingMode.Tproxy or ForwardingMode.FullNat, ForwardingMode.DsrL2) => RelayFlags.OlderL2,
            (ForwardingMode.Tproxy or ForwardingMode.FullNat, ForwardingMode.DsrGue) => RelayFlags.OlderGue,
            (not ForwardingMode.Tproxy, ForwardingMode.Tproxy) => RelayFlags.Older,
            _ => RelayFlags.None,
        };
        older |= service.Uses(ForwardingMode.FullNat) ? RelayFlags.FullNat : RelayFlags.None;
        return choices.GetValueOrDefault(service.Vip) is { By: InterceptBy.Tc } ? older | RelayFlags.Tc : older;
    }
}
