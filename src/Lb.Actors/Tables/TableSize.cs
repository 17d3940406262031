using Lb.Kernel;

namespace Lb.Actors;

/// <summary>Chooses the number of slots of a service's table.</summary>
/// <remarks>
/// A different size spreads every flow anew, so the size follows the configured pool, never the healthy part of it,
/// and a table that is there is kept while it is large enough: it grows rarely and never shrinks by itself. The journal
/// keeps the size (<see cref="ConfigState.TableSizes"/>), so that all nodes of a cluster have the same. At 512
/// slots a backend, one that comes or goes disturbs about one slot in a hundred of the others'.
/// </remarks>
public static class TableSize
{
    /// <summary>Largest size that is chosen without being asked for.</summary>
    public const int Ceiling = 65_537;

    private const int SlotsPerBackend = 512;

    private static readonly int[] Primes = [4_093, 16_381, Ceiling];

    /// <summary>The size for a pool.</summary>
    /// <param name="config">Its <see cref="ServiceConfig.Slots"/> rule when not 0.</param>
    /// <param name="present">Size of the table that is there; 0 when there is none.</param>
    public static int Choose(ServiceConfig config, int present)
    {
        if (config.Slots != 0)
        {
            return config.Slots;
        }

        int wanted = Math.Min(Ceiling, config.Backends.Count * SlotsPerBackend);
        return present >= wanted && present > 0 ? present : Primes.First(prime => prime >= wanted);
    }

    /// <summary>
    /// Carries slots over to another size: a slot of the new table continues the old slot that its middle falls into.
    /// </summary>
    /// <remarks>
    /// A flow keeps its hash, and so its place between 0 and 1. It loses its backend only where a new slot spans two
    /// old ones with different backends and the flow is on the smaller side: when a table grows, at most
    /// <c>old size / (2 · new size)</c> of the flows.
    /// </remarks>
    public static Slot[] Carry(ReadOnlySpan<Slot> old, int size)
    {
        Slot[] slots = new Slot[size];
        for (int i = 0; i < size && old.Length > 0; i++)
        {
            slots[i] = old[(int)(((2L * i) + 1) * old.Length / (2L * size))];
        }

        return slots;
    }
}
