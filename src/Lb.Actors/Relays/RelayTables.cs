using System.Collections.Immutable;

namespace Lb.Actors;

/// <summary>Draws the table that a relay goes by. Pure.</summary>
internal static class RelayTables
{
    /// <summary>
    /// The slots that the kernel path would go by. A connection stays where it is when its backend drains, leaves the config
    /// or fails its checks; a backend that the operator has switched off loses its connections.
    /// </summary>
    public static Lb.Kernel.RelayTable Of(Generation generation) => new(
        generation.Desired.Seed,
        generation.Desired.Slots,
        generation.Desired.Backends.ToImmutableDictionary(backend => backend.Id, backend => backend.Socket),
        [.. generation.Config.Backends.Values
            .Where(backend => backend.Admin == BackendAdmin.Disabled)
            .Select(backend => ServiceState.SocketOf(generation.Config, backend))])
    {
        Dead = [.. generation.Desired.Backends.Where(backend => !backend.Alive).Select(backend => backend.Socket)],
    };
}
