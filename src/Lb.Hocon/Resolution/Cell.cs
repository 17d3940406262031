using Lb.Hocon.Tree;

namespace Lb.Hocon.Resolution;

/// <summary>
/// The place of one field or element: its stack of assignments and what they evaluate to. Shared wherever the same
/// field shows, so that it is evaluated once.
/// </summary>
internal sealed class Cell(IReadOnlyList<Layer> layers)
{
    private Shape? _full;
    private Dictionary<int, Shape>? _lower;

    public IReadOnlyList<Layer> Layers => layers;

    /// <summary>The key of the assignment that gave the value.</summary>
    public HoconOrigin KeyOrigin { get; set; }

    /// <summary>What the lowest <paramref name="count"/> layers evaluate to, if known.</summary>
    public Shape? Known(int count) =>
        count == layers.Count ? _full : _lower?.GetValueOrDefault(count);

    public void Remember(int count, Shape shape)
    {
        if (count == layers.Count)
        {
            _full = shape;
        }
        else
        {
            (_lower ??= [])[count] = shape;
        }
    }
}

/// <summary>A layer that shows another field, which has its own place and its own stack.</summary>
internal sealed class LinkNode(Cell target) : Node(default)
{
    public Cell Target => target;
}
