namespace Lb.Kernel.Migration;

/// <summary>What becomes of a map at a start.</summary>
internal enum MapFate
{
    /// <summary>It is used as it is.</summary>
    Kept,

    /// <summary>There was none; it begins empty.</summary>
    Added,

    /// <summary>Another takes its place, and begins empty: nothing is lost with what it holds.</summary>
    Anew,

    /// <summary>Another takes its place, with all that it holds.</summary>
    Carried,
}

/// <summary>What becomes of one map.</summary>
/// <param name="Name">The map.</param>
/// <param name="Fate">What.</param>
internal sealed record MapChange(string Name, MapFate Fate)
{
    /// <summary>How keys are converted, where it is carried.</summary>
    public Conversion? Key { get; init; }

    /// <summary>How values are, those of inner maps where it holds maps.</summary>
    public Conversion? Value { get; init; }

    /// <summary>Where the old value has the tick of its last use; null where it has none.</summary>
    public int? SeenAt { get; init; }

    /// <summary>The same of the new value.</summary>
    public int? NewSeenAt { get; init; }
}
