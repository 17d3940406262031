using System.Diagnostics.CodeAnalysis;

namespace Akka.Util;

/// <summary>A value that may be absent.</summary>
/// <typeparam name="T">Type of the value.</typeparam>
[SuppressMessage("Design", "MA0077", Justification = "It is no IEquatable in Akka.NET.")]
[SuppressMessage("Design", "CA1066", Justification = "It is no IEquatable in Akka.NET.")]
public readonly struct Option<T>
{
    /// <summary>The absent value.</summary>
    public static readonly Option<T> None;

    private Option(T value)
    {
        Value = value;
        HasValue = value is not null;
    }

    /// <summary>Whether there is a value.</summary>
    public bool HasValue { get; }

    /// <summary>Whether there is none.</summary>
    public bool IsEmpty => !HasValue;

    /// <summary>The value, or the type's default when there is none.</summary>
    public T Value { get; }

    /// <summary>Returns the value, or <paramref name="fallbackValue"/> when there is none.</summary>
    public T GetOrElse(T fallbackValue) => HasValue ? Value : fallbackValue;

    /// <summary>Wraps <paramref name="value"/>; null counts as absent.</summary>
    [SuppressMessage("Design", "CA1000", Justification = "The factory method is Akka.NET's API.")]
    public static Option<T> Create(T value) => new(value);

    /// <summary>Wraps <paramref name="value"/>; null counts as absent.</summary>
    public static implicit operator Option<T>(T value) => new(value);

    /// <summary>Whether both hold the same value, or neither holds one.</summary>
    public bool Equals(Option<T> other) =>
        HasValue == other.HasValue && EqualityComparer<T>.Default.Equals(Value, other.Value);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Option<T> other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HasValue ? EqualityComparer<T>.Default.GetHashCode(Value!) : 0;

    /// <inheritdoc/>
    public override string ToString() => HasValue ? $"Some<{Value}>" : "None";

    /// <summary>Whether both hold the same value, or neither holds one.</summary>
    public static bool operator ==(Option<T> left, Option<T> right) => left.Equals(right);

    /// <summary>Whether the two differ.</summary>
    public static bool operator !=(Option<T> left, Option<T> right) => !left.Equals(right);
}
