using System.Net;
using Lb.Kernel;

namespace Lb.Actors;

/// <summary>Draws the kernel state that a ledger asks for.</summary>
internal static class KernelImage
{
    /// <summary>The desired state.</summary>
    /// <param name="ledger">Services and their indexes.</param>
    /// <param name="direct">Prefixes whose traffic with backends is left alone.</param>
    /// <param name="held">What the kernel holds: what is not known better is left as it is there.</param>
    /// <param name="resolve">Next hop of an address; null while unknown.</param>
    public static KernelState Of(
        KernelLedger ledger, IReadOnlySet<IPNetwork> direct, KernelState held, Func<IPAddress, NextHop?> resolve)
    {
        Dictionary<Endpoint, ServiceEntry> services = [];
        Dictionary<uint, BackendEntry> backends = [];
        Dictionary<uint, Slot[]> tables = [];
        Dictionary<Endpoint, NatEntry> nat = [];
        Dictionary<IPAddress, NextHop?> hops = [];
        Dictionary<Endpoint, Endpoint> claims =
            NatClaims.Of([.. ledger.Services.Values.Select(service => service.Desired)]);
        foreach (LedgerService service in ledger.Services.Values)
        {
            DesiredService desired = service.Desired;
            bool isNat = desired.Mode == ForwardingMode.Nat;
            services.Add(desired.Vip, new ServiceEntry(
                service.Id, service.Table, (uint)service.Slots.Length, desired.Seed, desired.Mode, desired.Tracking)
            {
                Logging = desired.Logging,
            });
            if (service.Slots.Length > 0)
            {
                tables.Add(service.Table, service.Slots);
            }

            foreach (DesiredBackend backend in desired.Backends)
            {
                uint index = service.Indexes[backend.Id];
                bool owned = !isNat || claims[backend.Socket] == desired.Vip;
                backends.Add(index, new BackendEntry(
                    service.Id,
                    backend.Socket.Address,
                    backend.Socket.Port,
                    backend.Alive && owned,
                    Hop(backend.Socket.Address, held.Backends.GetValueOrDefault(index))));
                if (isNat && owned)
                {
                    nat.Add(backend.Socket, new NatEntry(desired.Vip.Address, desired.Vip.Port, service.Id, index));
                }
            }
        }

        foreach ((uint index, _) in ledger.Backends.Resting)
        {
            if (held.Backends.TryGetValue(index, out BackendEntry? entry))
            {
                backends.Add(index, entry with { Alive = false });
            }
        }

        return new KernelState(services, backends, tables, nat, direct);

        // A neighbour that is being resolved anew is better reached the old way than not at all.
        NextHop? Hop(IPAddress address, BackendEntry? present)
        {
            if (!hops.TryGetValue(address, out NextHop? hop))
            {
                hop = resolve(address);
                hops.Add(address, hop);
            }

            return hop ?? (present is not null && present.Address.Equals(address) ? present.NextHop : null);
        }
    }
}
