using Lb.Kernel;

namespace Lb.Bench;

/// <summary>What the kernel holds for a connection, by its own account.</summary>
/// <param name="Name">Which connections.</param>
/// <param name="Bytes">Bytes for one, its share of what the map has beside its entries included.</param>
internal sealed record ConnectionMemory(string Name, double Bytes)
{
    /// <summary>By the maps of a run; full-nat, whose memory comes with its flows, only where they use most of its map.</summary>
    public static IReadOnlyList<ConnectionMemory> Of(IReadOnlyList<MapUse> maps)
    {
        MapUse full = maps.Single(map => map.Name == "lb_full");
        return
        [
            new("on clean slots", 0),
            new("tracked, IPv4", Room("lb_flows4")),
            new("tracked, IPv6", Room("lb_flows6")),
            .. full.Entries > full.Capacity / 2 ? [new ConnectionMemory("full-nat, open", 2.0 * full.Bytes / full.Entries.Value)] : Array.Empty<ConnectionMemory>(),
        ];

        // The memory of these is taken at the start.
        double Room(string name)
        {
            MapUse map = maps.Single(map => map.Name == name);
            return (double)map.Bytes / map.Capacity;
        }
    }
}
