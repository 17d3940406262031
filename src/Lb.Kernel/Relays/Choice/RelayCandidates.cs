namespace Lb.Kernel.Relays;

/// <summary>
/// The backends that take new connections: those with slots in the table. A backend's number of slots is its weight, so
/// health, drain and weights are what the table says. Not changed after it is made.
/// </summary>
internal sealed class RelayCandidates
{
    private readonly RelayBackend?[] _bySlot;

    /// <summary>Takes the current backend of each slot; null where there is none.</summary>
    public RelayCandidates(RelayBackend?[] bySlot)
    {
        _bySlot = bySlot;
        Dictionary<RelayBackend, int> slots = [];
        foreach (RelayBackend backend in bySlot.OfType<RelayBackend>())
        {
            slots[backend] = slots.GetValueOrDefault(backend) + 1;
        }

        All = [.. slots.OrderBy(slot => slot.Key.Socket.ToString(), StringComparer.Ordinal)
            .Select(slot => new RelayCandidate(slot.Key, slot.Value))];
        foreach (RelayCandidate candidate in All)
        {
            _weights.Add(candidate.Backend, candidate.Weight);
        }
    }

    private readonly Dictionary<RelayBackend, int> _weights = [];

    /// <summary>Each backend once, with its weight.</summary>
    public RelayCandidate[] All { get; }

    public int Slots => _bySlot.Length;

    /// <summary>The current backend of a slot.</summary>
    public RelayBackend? Of(uint slot) => _bySlot[slot];

    public int WeightOf(RelayBackend backend) => _weights[backend];

    /// <summary>The first backend from a slot on that may be taken; null when there is none.</summary>
    public RelayBackend? From(uint slot, in RelayExclusion excluded)
    {
        for (int i = 0; i < _bySlot.Length; i++)
        {
            if (_bySlot[(int)((slot + (uint)i) % (uint)_bySlot.Length)] is { } backend && !excluded.Has(backend))
            {
                return backend;
            }
        }

        return null;
    }

    /// <summary>Whether there are backends, and each has all the connections that it may have.</summary>
    /// <param name="limit">What is configured; 0 for any number.</param>
    public bool AreFull(int limit)
    {
        foreach (RelayCandidate candidate in All)
        {
            if (!candidate.Backend.IsFull(limit))
            {
                return false;
            }
        }

        return All.Length > 0;
    }
}

/// <summary>A backend that may be chosen, and its share of the table in slots.</summary>
internal readonly record struct RelayCandidate(RelayBackend Backend, int Weight);
