namespace Lb.Kernel.Migration;

/// <summary>What becomes of one map.</summary>
/// <param name="Name">The map.</param>
/// <param name="Fate">What.</param>
internal sealed record MapChange(string Name, MapFate Fate)
{
    /// <summary>What is other than it is to be, or why it is refused; null where nothing is.</summary>
    public string? Why { get; init; }

    /// <summary>How keys are converted, where it is carried.</summary>
    public Conversion? Key { get; init; }

    /// <summary>How values are, those of inner maps where it holds maps.</summary>
    public Conversion? Value { get; init; }

    /// <summary>Where the old value has the tick of its last use; null where it has none.</summary>
    public int? SeenAt { get; init; }

    /// <summary>The same of the new value.</summary>
    public int? NewSeenAt { get; init; }
}
