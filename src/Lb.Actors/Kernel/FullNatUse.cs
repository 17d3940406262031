using System.Collections.Immutable;
using Lb.Kernel;

namespace Lb.Actors;

/// <summary>Ports of full-nat that one backend of a service has in use on this node.</summary>
/// <param name="Vip">The service.</param>
/// <param name="Backend">The backend.</param>
/// <param name="Used">Ports in use: one for each flow.</param>
/// <param name="Room">Ports that the node has for it.</param>
public sealed record FullNatPorts(Endpoint Vip, Endpoint Backend, int Used, int Room)
{
    /// <summary>From here on a new flow may find none: each looks at 32 of them.</summary>
    public bool IsLow => Used >= Room * 0.8;
}

/// <summary>What full-nat has in use on this node, as the last sweep saw it.</summary>
/// <param name="Flows">Flows of all services.</param>
/// <param name="New">Of those, flows that not both ends have a part in yet.</param>
/// <param name="Sources">The node's addresses for it.</param>
/// <param name="Backends">Ports by backend, those with the most in use first; backends without a flow too.</param>
public sealed record FullNatUse(
    int Flows, int New, ImmutableArray<FullNatSource> Sources, ImmutableArray<FullNatPorts> Backends)
{
    /// <summary>In the names of the ledger.</summary>
    internal static FullNatUse Of(FullNatSweep sweep, KernelLedger ledger, IReadOnlyCollection<FullNatSource> sources) => new(
        sweep.Flows,
        sweep.New,
        [.. sources.OrderBy(source => source.Address.ToString(), StringComparer.Ordinal)],
        [.. ledger.Services.Values
            .Where(service => service.Desired.Uses(ForwardingMode.FullNat))
            .SelectMany(service => service.Desired.Backends.Select(backend => new FullNatPorts(
                service.Desired.Vip,
                backend.Socket,
                sweep.Ports.GetValueOrDefault(service.Indexes[backend.Id]),
                sources
                    .Where(source => source.Address.AddressFamily == backend.Socket.Address.AddressFamily)
                    .Sum(source => source.Ports))))
            .OrderByDescending(ports => ports.Used)
            .ThenBy(ports => ports.Vip.ToString(), StringComparer.Ordinal)
            .ThenBy(ports => ports.Backend.ToString(), StringComparer.Ordinal)]);
}
