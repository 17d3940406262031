using System.Collections.Immutable;
using Lb.Kernel;

namespace Lb.Actors;

/// <summary>Draws the table that a relay goes by. Pure.</summary>
internal static class RelayTables
{
    /// <summary>
    /// The slots that the kernel path would go by. A connection stays where it is when its backend drains, leaves the config
    /// or fails its checks, unless the service says otherwise; a backend that the operator has switched off loses its
    /// connections.
    /// </summary>
    public static RelayTable Of(Generation generation)
    {
        ImmutableDictionary<Endpoint, RelayEnd>.Builder cut = ImmutableDictionary.CreateBuilder<Endpoint, RelayEnd>();
        if (generation.Config.Relay.Limits.OnDown == RelayOnDown.Reset)
        {
            cut.AddRange(generation.Desired.Backends
                .Where(backend => !backend.Alive)
                .Select(backend => KeyValuePair.Create(backend.Socket, RelayEnd.Down)));
        }

        foreach (DesiredBackend drained in generation.Desired.Backends.Where(backend => backend.Drained))
        {
            cut[drained.Socket] = RelayEnd.Drain;
        }

        foreach (BackendConfig backend in generation.Config.Backends.Values
            .Where(backend => backend.Admin == BackendAdmin.Disabled))
        {
            cut[ServiceState.SocketOf(generation.Config, backend)] = RelayEnd.Cut;
        }

        return new RelayTable(
            generation.Desired.Seed,
            generation.Desired.Slots,
            generation.Desired.Backends.ToImmutableDictionary(backend => backend.Id, backend => backend.Socket),
            cut.ToImmutable())
        {
            Dead = [.. generation.Desired.Backends.Where(backend => !backend.Alive).Select(backend => backend.Socket)],
            KeepsPort = generation.Desired.UsesNat,
            Kept = [.. generation.Config.Backends.Values
                .Where(backend => backend.Admin == BackendAdmin.Enabled)
                .Select(backend => ServiceState.SocketOf(generation.Config, backend))],
            Tls = generation.Config.Backends.Values
                .Where(backend => backend.Tls != TlsMatch.Any)
                .ToImmutableDictionary(backend => ServiceState.SocketOf(generation.Config, backend), backend => backend.Tls),
        };
    }
}
