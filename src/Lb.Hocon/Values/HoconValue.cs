namespace Lb.Hocon;

/// <summary>A resolved value. Immutable; equality is by content and ignores origins.</summary>
public abstract class HoconValue : IEquatable<HoconValue>
{
    private protected HoconValue(HoconOrigin origin) => Origin = origin;

    /// <summary>Where the value was set.</summary>
    public HoconOrigin Origin { get; }

    /// <summary>Nodes and characters in this value, shared parts counted each time they appear.</summary>
    internal virtual long Size => 1;

    /// <summary>Levels of objects and arrays, this one included; 0 for a scalar.</summary>
    internal virtual int Height => 0;

    /// <summary>The value in the words of an error message, such as <c>the string "x"</c>.</summary>
    public abstract string Describe();

    /// <inheritdoc/>
    public abstract bool Equals(HoconValue? other);

    /// <inheritdoc/>
    public sealed override bool Equals(object? obj) => Equals(obj as HoconValue);

    /// <inheritdoc/>
    public abstract override int GetHashCode();

    /// <summary>Renders the value as JSON on one line.</summary>
    public override string ToString() => HoconRenderer.ToJson(this);
}
