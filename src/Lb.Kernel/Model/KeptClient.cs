using System.Net;
using Lb.Kernel.Datapath;

namespace Lb.Kernel;

/// <summary>A client that keeps its backend when the table changes: affinity with a timeout.</summary>
/// <param name="Service">Service id.</param>
/// <param name="Client">Its address, as far as it tells clients apart; the other bits are 0.</param>
/// <param name="Backend">Backend index.</param>
/// <param name="Idle">Ticks since an established flow of it had a packet.</param>
public readonly record struct KeptClient(uint Service, IPAddress Client, uint Backend, uint Idle)
{
    /// <summary>How long so many ticks are.</summary>
    public static TimeSpan Time(uint ticks) => Tick.Since(0, ticks);
}
