using System.Diagnostics.CodeAnalysis;

namespace Lb.Hocon;

/// <summary>A converted value, or the error that says why there is none.</summary>
/// <typeparam name="T">What was asked for.</typeparam>
public readonly struct HoconResult<T>
{
    private readonly T? _value;

    internal HoconResult(T value) => _value = value;

    internal HoconResult(HoconError error) => Error = error;

    /// <summary>Whether there is a value.</summary>
    public bool IsOk => Error is null;

    /// <summary>The value.</summary>
    /// <exception cref="HoconException">There is none.</exception>
    public T Value => Error is null ? _value! : throw new HoconException(Error);

    /// <summary>Why there is no value; null if there is one.</summary>
    public HoconError? Error { get; }

    /// <summary>Takes the result apart.</summary>
    public bool TryGet([MaybeNullWhen(false)] out T value, [NotNullWhen(false)] out HoconError? error)
    {
        value = _value;
        error = Error;
        return error is null;
    }
}
