using System.Globalization;

namespace Lb.Hocon;

/// <summary>A string.</summary>
public sealed class HoconString : HoconValue
{
    /// <summary>Creates a string.</summary>
    public HoconString(string value, HoconOrigin origin = default)
        : base(origin) => Value = value;

    /// <summary>The text.</summary>
    public string Value { get; }

    internal override long Size => 1 + Value.Length;

    /// <inheritdoc/>
    public override string Describe() => $"the string {Syntax.JsonText.QuoteShort(Value)}";

    /// <inheritdoc/>
    public override bool Equals(HoconValue? other) =>
        other is HoconString s && string.Equals(s.Value, Value, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override int GetHashCode() => Value.GetHashCode(StringComparison.Ordinal);
}

/// <summary>A number, kept as it was written.</summary>
public sealed class HoconNumber : HoconValue
{
    /// <summary>Creates a number from a text in JSON's number grammar.</summary>
    public HoconNumber(string text, HoconOrigin origin = default)
        : base(origin) => Text = text;

    /// <summary>The number as written.</summary>
    public string Text { get; }

    /// <summary>The nearest double; infinite when out of range.</summary>
    public double Value => double.Parse(Text, NumberStyles.Float, CultureInfo.InvariantCulture);

    internal override long Size => 1 + Text.Length;

    /// <inheritdoc/>
    public override string Describe() => $"the number {Text}";

    /// <inheritdoc/>
    public override bool Equals(HoconValue? other) =>
        other is HoconNumber n && (string.Equals(n.Text, Text, StringComparison.Ordinal) || n.Value.Equals(Value));

    /// <inheritdoc/>
    public override int GetHashCode() => Value.GetHashCode();
}

/// <summary>True or false.</summary>
public sealed class HoconBoolean : HoconValue
{
    /// <summary>Creates a boolean.</summary>
    public HoconBoolean(bool value, HoconOrigin origin = default)
        : base(origin) => Value = value;

    /// <summary>The truth value.</summary>
    public bool Value { get; }

    /// <inheritdoc/>
    public override string Describe() => Value ? "true" : "false";

    /// <inheritdoc/>
    public override bool Equals(HoconValue? other) => other is HoconBoolean b && b.Value == Value;

    /// <inheritdoc/>
    public override int GetHashCode() => Value.GetHashCode();
}

/// <summary>Null: set, to nothing.</summary>
public sealed class HoconNull : HoconValue
{
    /// <summary>Creates a null.</summary>
    public HoconNull(HoconOrigin origin = default)
        : base(origin)
    {
    }

    /// <inheritdoc/>
    public override string Describe() => "null";

    /// <inheritdoc/>
    public override bool Equals(HoconValue? other) => other is HoconNull;

    /// <inheritdoc/>
    public override int GetHashCode() => 0;
}
