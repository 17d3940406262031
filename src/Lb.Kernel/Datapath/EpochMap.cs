using Lb.Kernel.Maps;

namespace Lb.Kernel.Datapath;

/// <summary>
/// What tells the program that services have changed: each CPU keeps those that it asked for lately, as long as the epoch
/// is the one in which it asked.
/// </summary>
internal sealed class EpochMap(ArrayMap<ulong> map) : IDisposable
{
    /// <summary>The epoch.</summary>
    public ulong Value => map[0];

    /// <summary>Begins the next one: packets from now on see all that was written before.</summary>
    public void Raise() => map[0]++;

    public void Dispose() => map.Dispose();
}
