namespace Lb.Kernel.Relays;

/// <summary>Backends that a connection may go to, by their number in the table.</summary>
internal sealed class RelayCandidates(int numbers)
{
    private readonly bool[] _has = new bool[numbers];

    /// <summary>The protocol that they were chosen by; null for none.</summary>
    public string? Protocol { get; init; }

    /// <summary>There are none, so that looking for one in the slots is of no use.</summary>
    public bool IsEmpty { get; private set; } = true;

    public bool Has(uint id) => id < _has.Length && _has[id];

    public void Add(uint id)
    {
        _has[id] = true;
        IsEmpty = false;
    }
}
