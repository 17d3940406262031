using System.Collections;

namespace Lb.Hocon;

/// <summary>An array.</summary>
public sealed class HoconArray : HoconValue, IReadOnlyList<HoconValue>
{
    private readonly HoconValue[] _elements;

    /// <summary>Creates an array.</summary>
    public HoconArray(IEnumerable<HoconValue> elements, HoconOrigin origin = default)
        : base(origin)
    {
        _elements = [.. elements];
        Size = 1 + _elements.Sum(e => e.Size);
        Height = 1 + _elements.Select(e => e.Height).DefaultIfEmpty().Max();
    }

    /// <summary>The number of elements.</summary>
    public int Count => _elements.Length;

    internal override long Size { get; }

    internal override int Height { get; }

    /// <summary>The element at an index.</summary>
    public HoconValue this[int index] => _elements[index];

    /// <inheritdoc/>
    public override string Describe() => Count == 1 ? "an array of 1 element" : $"an array of {Count} elements";

    /// <inheritdoc/>
    public override bool Equals(HoconValue? other) =>
        ReferenceEquals(this, other) || (other is HoconArray a && _elements.AsSpan().SequenceEqual(a._elements));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(nameof(HoconArray), Count);

    /// <inheritdoc/>
    public IEnumerator<HoconValue> GetEnumerator() => ((IEnumerable<HoconValue>)_elements).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _elements.GetEnumerator();
}
