namespace Lb.Actors;

/// <summary>What is to be done after something has happened.</summary>
internal abstract record SliceEffect
{
    /// <summary>Says something to another node.</summary>
    internal sealed record Send(string To, SliceMessage Message) : SliceEffect;

    /// <summary>This node may use so much of a limit.</summary>
    /// <param name="Key">The limit.</param>
    /// <param name="Amount">How much.</param>
    /// <param name="Until">Until when; <see cref="long.MaxValue"/> for ever.</param>
    internal sealed record Use(SliceKey Key, int Amount, long Until) : SliceEffect;

    /// <summary>Connections wait because the node's slice does not grow, or do so no more.</summary>
    internal sealed record Starved(SliceKey Key, bool Begins, int Amount, int Used) : SliceEffect;

    /// <summary>A node knows of no shared limits, so that each counts for itself, or there is none such any more.</summary>
    internal sealed record Mixed(string? Node) : SliceEffect;

    /// <summary>This node divides a service's limits from now on.</summary>
    internal sealed record Own(ulong Service) : SliceEffect;
}
