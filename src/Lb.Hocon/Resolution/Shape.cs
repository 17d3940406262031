namespace Lb.Hocon.Resolution;

/// <summary>
/// A value evaluated just far enough to know its kind. The parts of an object or array stay unevaluated cells, so
/// that an object may refer to its own fields.
/// </summary>
internal abstract class Shape
{
    /// <summary>Nothing: an optional substitution that found no value.</summary>
    public static readonly Shape Undefined = new Marker();

    /// <summary>No value because of an error, which has been reported.</summary>
    public static readonly Shape Broken = new Marker();

    private sealed class Marker : Shape;
}

internal sealed class ScalarShape(HoconValue value) : Shape
{
    public HoconValue Value => value;
}

internal abstract class CompositeShape(HoconOrigin origin) : Shape
{
    public HoconOrigin Origin => origin;

    /// <summary>The finished value, once there is one.</summary>
    public HoconValue? Finished { get; set; }

    /// <summary>Set while the parts are being finished: meeting the shape again means that it contains itself.</summary>
    public bool Finishing { get; set; }
}

internal sealed class ArrayShape(HoconOrigin origin, IReadOnlyList<Cell> elements) : CompositeShape(origin)
{
    public IReadOnlyList<Cell> Elements => elements;
}

internal sealed class ObjectShape(HoconOrigin origin, OrderedDictionary<string, Cell> fields) : CompositeShape(origin)
{
    public OrderedDictionary<string, Cell> Fields => fields;

    /// <summary>The elements under numeric keys, in their numeric order; null if there are none.</summary>
    public ArrayShape? ToArray()
    {
        List<Cell> elements = NumericKeys.Order(fields);
        return elements.Count == 0 ? null : new ArrayShape(Origin, elements);
    }
}
