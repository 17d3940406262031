namespace Lb.Kernel.Migration;

/// <summary>A C type as the bytes of a map hold it.</summary>
/// <param name="Size">Bytes.</param>
internal abstract record DataType(int Size)
{
    /// <summary>What it is called in a message.</summary>
    public abstract string Kind { get; }
}

/// <summary>An integer, an enum or a truth value.</summary>
/// <param name="Size">1, 2, 4 or 8 bytes.</param>
/// <param name="IsSigned">It has a sign.</param>
/// <param name="IsBigEndian">It is in network order.</param>
internal sealed record NumberType(int Size, bool IsSigned, bool IsBigEndian) : DataType(Size)
{
    /// <inheritdoc/>
    public override string Kind => "a number";
}

/// <summary>Several of one type.</summary>
/// <param name="Element">The type.</param>
/// <param name="Count">How many.</param>
internal sealed record ArrayType(DataType Element, int Count) : DataType(checked(Element.Size * Count))
{
    /// <inheritdoc/>
    public override string Kind => "an array";
}

/// <summary>A struct, or a union, whose members all begin at 0.</summary>
/// <param name="Name">Its name; empty when it has none.</param>
/// <param name="Size">Bytes.</param>
/// <param name="IsUnion">One member is in force, and which one the type does not say.</param>
/// <param name="Members">The members.</param>
internal sealed record StructType(string Name, int Size, bool IsUnion, IReadOnlyList<DataMember> Members) : DataType(Size)
{
    /// <inheritdoc/>
    public override string Kind => IsUnion ? "a union" : "a struct";
}

/// <summary>What is never read as a number: a pointer, a bit field.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Size">Bytes.</param>
internal sealed record OpaqueType(string Name, int Size) : DataType(Size)
{
    /// <inheritdoc/>
    public override string Kind => Name;
}

/// <summary>A member of a struct or union.</summary>
/// <param name="Name">Its name; empty when it has none.</param>
/// <param name="Offset">Bytes from the beginning.</param>
/// <param name="Type">Its type.</param>
internal sealed record DataMember(string Name, int Offset, DataType Type)
{
    /// <summary>It is padding by its name: always zero, and never carried.</summary>
    public bool IsPadding => Name.StartsWith("pad", StringComparison.Ordinal) && Name.AsSpan(3).IndexOfAnyExceptInRange('0', '9') < 0;
}

/// <summary>The types of a map.</summary>
/// <param name="Key">Of its keys; null when the map has none.</param>
/// <param name="Value">Of its values: of an array of maps, those of the inner ones; of a ring buffer, its records.</param>
internal sealed record MapLayout(DataType? Key, DataType? Value);
